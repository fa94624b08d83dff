// Shows where in a picture the reasons for an answer lie.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "command.hpp"
#include "console.hpp"
#include "data/encoding.hpp"
#include "data/table_file.hpp"
#include "own_rows.hpp"
#include "report/heat.hpp"
#include "spec/spec.hpp"
#include "tasks/augmenting.hpp"
#include "text_table.hpp"
#include "train/run_folder.hpp"

namespace bpnet::app::command_entries {

namespace {

struct ExplainAsked {
  std::string run, image, rows = "test", target, label, method, out = "explain.png";
  std::int64_t row = 0;  // from 1; 0: a file is named
  int threads = 0;
};

// The row to look at, and what it is called.
struct Subject {
  std::shared_ptr<const Rows> rows;
  std::int64_t row = 0;
  std::string name;
};

HeatMethod method_of(const std::string& word) {
  if (word.empty()) return HeatMethod::automatic;
  return word == "grad_cam" ? HeatMethod::grad_cam : HeatMethod::gradient;
}

[[noreturn]] void refuse(std::string message, std::vector<std::string> help) {
  throw Error(Fault::command_line, std::move(message), std::move(help));
}

// Throws if a picture is not all that the model reads.
void require_pictures_alone(const Encoding& encoding) {
  const auto& features = dynamic_cast<const TableEncoding&>(encoding).features;
  if (features.size() > 1)
    refuse("--image: the model reads other columns beside the picture",
           {"--row N explains a row of its test data"});
  if (!features[0].image()->from.empty())
    refuse("--image: the model makes its pictures of columns of pixels",
           {"--row N explains a row of its test data"});
}

Subject from_file(const Model& model, const std::string& file) {
  require_pictures_alone(*model.encoding);
  if (std::filesystem::exists(file) && !named_picture(file))
    throw Error(Fault::data, "--image: '" + file + "' is not called as pictures are",
                {"pictures end in .png, .jpg, .jpeg, .bmp, .ppm or .pgm"});
  return {open_stream(model.encoding, file)->next(), 0, file};
}

Subject from_data(const Model& model, const ExplainAsked& asked) {
  OwnRows own =
      own_rows(model, model.settings.data, asked.rows, "--image FILE explains a picture that is a file");
  const auto count = static_cast<std::int64_t>(own.which.size());
  if (asked.row > count)
    refuse(fmt::format("--row {}: there are {} {} rows", asked.row, thousands(count), asked.rows),
           {"they are counted from 1"});
  const std::int64_t row = own.which[static_cast<std::size_t>(asked.row - 1)];
  const auto rows = own.dataset->rows;
  const Place place = rows->place(row);
  const std::string file = shown_path(place.file);
  return {rows, row, place.line > 0 ? fmt::format("{}:{}", file, place.line) : file};
}

// The position of a word among what there is of a kind.
std::size_t find(const std::string& word, const std::vector<std::string>& known, const std::string& kind) {
  const auto at = std::find(known.begin(), known.end(), word);
  if (at != known.end()) return static_cast<std::size_t>(at - known.begin());
  constexpr std::size_t listed = 20;
  const auto near = near_words(word, known);
  if (!near.empty()) refuse("there is no " + kind + " '" + word + "'", {"did you mean '" + near[0] + "'?"});
  std::vector<std::string> some(known.begin(),
                                known.begin() + static_cast<std::ptrdiff_t>(std::min(listed, known.size())));
  if (known.size() > listed) some.push_back(fmt::format("{} more", known.size() - listed));
  refuse("there is no " + kind + " '" + word + "'", {fmt::format("there are: {}", fmt::join(some, ", "))});
}

int run(const ExplainAsked& asked) {
  if (asked.image.empty() == (asked.row == 0))
    refuse("which picture? --image FILE or --row N", {"bpnet explain --help says more"});
  require_png(asked.out, "the heat map goes");
  use_threads(asked.threads);
  const FoundModel found = find_model(asked.run, "runs");
  const auto model = load_model(found.model);
  Learner& learner = *model->learner;
  const auto inputs = model->encoding->inputs();
  if (!std::any_of(inputs.begin(), inputs.end(), is_picture))
    refuse("explain is about pictures, and this model reads none",
           {"bpnet eval tells where a model goes wrong"});

  const auto targets = learner.targets();
  std::vector<std::string> names;
  names.reserve(targets.size());
  for (const TargetKind& t : targets) names.push_back(t.name);
  const std::size_t t = asked.target.empty() ? 0 : find(asked.target, names, "target");
  const TargetKind& target = targets[t];
  if (!asked.label.empty() && !target.classes)
    refuse("--class: the target '" + target.name + "' is a number", {"leave it out to explain the number"});
  std::size_t label = asked.label.empty() ? 0 : find(asked.label, target.labels, "class");

  const Subject subject = asked.row > 0 ? from_data(*model, asked) : from_file(*model, asked.image);
  const auto answers = learner.infer(*subject.rows, {&subject.row, 1}).answers[t];
  const auto best =
      static_cast<std::size_t>(std::max_element(answers.begin(), answers.end()) - answers.begin());
  if (asked.label.empty() && target.classes) label = best;
  const auto said = [&](std::size_t i) {
    return target.classes ? fmt::format("{} (probability {:.3f})", shown(target.labels[i]), answers[i])
           : target.origin() == 0 ? fmt::format("{:.5g}", answers[0])
                                  : far_number(target.origin() + answers[0], target.deviation, 2);
  };
  const std::string answer = said(target.classes ? best : 0), reasons = said(label);

  const auto map = heat_map(learner, *subject.rows, subject.row, t, label, method_of(asked.method));
  if (!map)
    refuse("--method grad_cam needs a layer that puts out an image of 2x2 or more, and this model has none",
           {"--method gradient looks at the picture itself"});
  const SeenPictures picture = learner.pictures(*subject.rows, {&subject.row, 1}, nullptr);
  const std::string caption = target.classes ? target.labels[label] + fmt::format(" p {:.3f}", answers[label])
                                             : target.name + " " + reasons;
  const std::string file_name = std::filesystem::path(subject.name).filename().string();
  write_png(asked.out, heat_picture(picture, *map, file_name, caption));

  const char* const method = map->method == HeatMethod::grad_cam ? "grad_cam of " : "gradient";
  if (found.run.empty() || asked.run.empty())
    fmt::print("model         {}\n", (found.run.empty() ? found.model : found.run).string());
  fmt::print("picture       {}{}\n", shown_path(subject.name), first_of_pictures(*model->encoding));
  if (targets.size() > 1) fmt::print("target        {}\n", shown(target.name));
  fmt::print("answer        {}\n", answer);
  if (target.classes && label != best) fmt::print("asked for     {}\n", reasons);
  fmt::print("method        {}{}\n", method, map->layers);
  if (std::all_of(map->values.begin(), map->values.end(), [](Real x) { return x == 0; }))
    fmt::print("              nothing in the picture speaks for it: the map is empty\n");
  fmt::print("written       {}\n", asked.out);
  return ok;
}

}  // namespace

extern const Command explain = {
    "explain", "a heat map of where in a picture the reasons for an answer lie",
    "bpnet explain runs/digits_cnn-001 --row 3 --out why.png",
    [](Arguments arguments) -> std::function<int()> {
      auto asked = std::make_shared<ExplainAsked>();
      arguments.run(asked->run);
      const Argument image =
          arguments.text("--image", asked->image, "FILE", "a picture: PNG, JPEG, BMP, PPM or PGM");
      const Argument row = arguments
                               .number("--row", asked->row, {1, 1e12}, "N",
                                       "instead, a row of the run's own data, counted from 1")
                               .excludes(image);
      arguments
          .word("--rows", asked->rows, {"train", "validation", "test", "all"},
                "which rows are counted (default test)")
          .needs(row);
      arguments.text("--class", asked->label, "NAME",
                     "what speaks for this class (default: the one answered)");
      arguments.text("--target", asked->target, "NAME", "which target, of several (default: the first)");
      arguments.word(
          "--method", asked->method, {"grad_cam", "gradient"},
          "grad_cam: the regions that the last convolutions go by; gradient: the pixels that change "
          "the answer most (default: grad_cam where a layer puts out an image)");
      arguments.text("--out", asked->out, "FILE", "where to, a PNG file (default: explain.png)");
      arguments.threads(asked->threads);
      return [asked] { return run(*asked); };
    }};

}  // namespace bpnet::app::command_entries
