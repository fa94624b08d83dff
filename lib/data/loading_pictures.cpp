#include <algorithm>
#include <cmath>
#include <map>

#include "data/loading.hpp"
#include "data/picture_faults.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {
using As = ColumnUse::As;

}  // namespace

/// Types that the files know of their columns, unless something else is declared.
void Loading::declare_known() {
  for (const TableFile* file : files_.front().all())
    for (const auto& [name, type] : file->known_types()) {
      const Choice* general = nullptr;
      bool declared = false;
      for (const auto& [pattern, choice] : settings_.columns) {
        if (matches_all(pattern) && choice.name() == type) general = &choice;
        declared = declared || (!matches_all(pattern) && matches(pattern, name));
      }
      if (declared) continue;
      settings_.columns.emplace_back(name, general ? *general : choose(column_types, type));
      known_[name] = file->idx() ? "in IDX" : "in a folder of pictures";
    }
  const TableFile& first = files_.front().file;
  if (!first.row_names()) return;
  check_folders();
  const std::vector<std::string> labels = {label_column};
  if (settings_.target.empty()) settings_.target = labels;
  const bool has_labels = first.dialect().names.size() > 1 || !files_.front().beside.empty();
  if (has_labels || settings_.target != labels) return;
  Problem problem;
  problem.place.file = first.shown();
  problem.message = "the folder has pictures, but no sub-folders";
  problem.help = {"put the pictures of each class into a sub-folder that is called like the class"};
  if (std::error_code failed; !std::filesystem::is_directory(first.path(), failed)) {
    problem.message = "it is one picture, and a model learns from many";
    problem.help = {"name a folder that has a sub-folder for each class, or a CSV file that names pictures"};
  }
  throw Error(Fault::data, {std::move(problem)});
}

/// What is in a folder of classes and is none of their pictures.
void Loading::check_folders() {
  const PictureFolder& first = files_.front().file.remarks();
  if (!first.parts.empty() && !settings_.file.empty()) {
    std::string write;
    for (const auto& [key, begin] : {std::pair{"train", "tr"}, {"validation", "val"}, {"test", "te"}})
      for (const std::string& part : first.parts)
        if (part.starts_with(begin) || (part == "dev" && *key == 'v'))
          write += std::string(write.empty() ? "" : ", ") + key + ": " +
                   in_yaml((std::filesystem::path(files_.front().file.shown()) / part).string());
    throw Error(Fault::configuration,
                "data.file: the sub-folders of " + in_quotes(files_.front().file.shown()) +
                    " are parts that have folders of classes, not classes",
                {"instead of file write " + write});
  }
  for (const DataFile& data : files_)
    for (const TableFile* file : data.all()) {
      const PictureFolder& folder = file->remarks();
      const auto tell = [&](std::string message) {
        out_.warnings.push_back({{file->shown(), 0, 0, 0, ""}, std::move(message), {}, Severity::warning});
      };
      for (const std::string& name : folder.empty)
        tell("sub-folder " + in_quotes(name) + " has no pictures: it is no class");
      const auto beside =
          std::find_if(folder.beside.begin(), folder.beside.end(),
                       [](const std::string& name) { return named_picture(std::filesystem::path(name)); });
      if (beside != folder.beside.end())
        tell("pictures beside the sub-folders of the classes, such as " + in_quotes(*beside) +
             ", are not read");
    }
}

std::vector<PictureOrigin> Loading::origins_of(std::size_t c) const {
  std::vector<PictureOrigin> out;
  for (std::size_t s = 0; s < sources_.size(); ++s) {
    const TableFile& file = sources_[s].file_of(c);
    out.push_back({raw_.first_rows[s], file.folder(), file.idx()});
  }
  return out;
}

/// Hashes of folders and IDX files are of their pictures, too; those of tables are of the names alone.
void Loading::take_prints(std::size_t c, std::span<const std::uint64_t> prints) {
  for (std::size_t s = 0; s < sources_.size(); ++s) {
    const TableFile& file = sources_[s].file_of(c);
    if (file.row_names() || file.idx()) continue;
    const auto begin = static_cast<std::size_t>(raw_.first_rows[s]),
               end = static_cast<std::size_t>(raw_.first_rows[s + 1]);
    prints_[&file].add(std::as_bytes(prints.subspan(begin, end - begin)));
  }
}

/// What the network sees of the pictures that are kept.
void Loading::take_part(std::size_t c, const Image& type, ImageCode& code) const {
  code.seen = type.seen_of(code.shape);
  if (code.seen[0] <= code.shape[0] && code.seen[1] <= code.shape[1]) return;
  const auto size = [](const Shape& s) { return std::to_string(s[1]) + "x" + std::to_string(s[0]); };
  throw Error(Fault::configuration, declared(c)->place,
              "data.columns." + in_yaml(roles_.names[c]) + ": random_crop cuts " + size(code.seen) +
                  " pixels out of pictures of " + size(code.shape),
              {"take less, or make the pictures larger first, as in {resize: " +
               std::to_string(std::max(code.seen[0], code.seen[1]) * 5 / 4) +
               ", crop: centre, random_crop: " + std::to_string(std::max(code.seen[0], code.seen[1])) + "}"});
}

void Loading::read_pictures() {
  left_out_.assign(static_cast<std::size_t>(raw_.rows), 0);
  for (const std::size_t c : roles_.features) {
    if (uses_[c].as != As::image) continue;
    const Image type = roles_.options<Image>(c);
    ImageCode& code = image_codes_[c];
    code.form = type.form();
    code.skip_broken = type.broken == Image::Broken::skip;
    if (roles_.pixels[c].empty())
      read_picture_files(c, type, code);
    else
      make_pictures(c, type, code);
  }
}

void Loading::read_picture_files(std::size_t c, const Image& type, ImageCode& code) {
  const std::string& name = roles_.names[c];
  PictureColumn found =
      bpnet::read_pictures(labels_of(c), origins_of(c), code.form, {}, name, memory_for_pictures());
  if (!found.faults.empty() && !code.skip_broken)
    refuse_pictures(
        found.faults, labels_of(c), name, plan_, c,
        [&](const ReadPlan& plan) { return read_table(sources_, plan, settings_.csv.missing); },
        cannot_be_read,
        2 * static_cast<std::int64_t>(found.faults.size()) > raw_.rows
            ? ""
            : "to leave such rows out: data.columns: {" + in_yaml(name) + ": {image: {broken: skip}}}");
  if (!found.faults.empty())
    warn(unread_pictures(found.faults, labels_of(c), name).warning(rows_left_out).message);
  for (const PictureFault& fault : found.faults) left_out_[static_cast<std::size_t>(fault.row)] = 1;
  if (!found.faults.empty() && sources_.front().file_of(c).row_names() && sources_.front().beside.empty())
    warn_of_lost_classes(c);
  code.shape = found.pictures->shape();
  take_part(c, type, code);
  take_prints(c, found.prints);
  if (!found.pictures->kept())
    warn("the pictures of column '" + name + "' take " +
         short_number(
             std::round(static_cast<double>(raw_.rows) * static_cast<double>(found.pictures->size()) / 1e6)) +
         " MB, which is most of the memory or more: they are read again in every epoch");
  code.form.channels = code.shape[2];
  pictures_[c] = std::move(found.pictures);
}

/// Classes, the sub-folders of a folder, none of whose pictures can be read.
void Loading::warn_of_lost_classes(std::size_t c) {
  std::map<std::string, bool> any;
  const LabelColumn& cells = labels_of(c);
  for (std::size_t row = 0; row < cells.codes.size(); ++row) {
    const std::string path = cells.texts[static_cast<std::size_t>(cells.codes[row])];
    bool& read = any[path.substr(0, path.find('/'))];
    read = read || !left_out_[row];
  }
  for (const auto& [name, read] : any)
    if (!read) warn("no picture of the class " + in_quotes(name) + " can be read: it is left out");
}

void Loading::make_pictures(std::size_t c, const Image& type, ImageCode& code) {
  const std::vector<std::size_t>& columns = roles_.pixels[c];
  double highest = 0;
  for (std::size_t s = 0; s < files_.size(); ++s)
    for (std::int64_t r = raw_.first_rows[s]; training_sources_[s] && r < raw_.first_rows[s + 1]; ++r)
      for (const std::size_t pixel : columns)
        if (const float x = raw_.numbers.row(r)[plan_.columns[pixel].slot]; !std::isnan(x))
          highest = std::max(highest, static_cast<double>(x));
  for (const std::size_t pixel : columns) code.from.push_back(roles_.names[pixel]);
  code.pixels = type.pixel_shape();
  if (code.form.channels == 0) code.form.channels = code.pixels[2];
  const bool as_it_is = code.form.height == 0;
  code.shape = {as_it_is ? code.pixels[0] : code.form.height, as_it_is ? code.pixels[1] : code.form.width,
                code.form.channels};
  take_part(c, type, code);
  code.top = pixels_up_to(highest);
  code.white = code.top == 16 ? 16 : 255;
  check_pixels(raw_, plan_, columns, code.from, roles_.names[c], code.top);
  pictures_[c] = pictures_of_pixels(raw_.numbers, raw_.rows, plan_.columns[columns.front()].slot, code);
}

/// Pixels that became pictures, which are the last numbers of the table, take no more memory.
void Loading::hand_over_pictures() {
  int width = plan_.width;
  for (const std::size_t c : roles_.features) width -= static_cast<int>(roles_.pixels[c].size());
  if (width < plan_.width) {
    FloatTable rest(raw_.rows, width);
    for (std::int64_t r = 0; r < raw_.rows; ++r) std::copy_n(raw_.numbers.row(r), width, rest.row(r));
    raw_.numbers = std::move(rest);
  }
  for (auto& [c, pictures] : pictures_) {
    plan_.columns[c].slot = static_cast<int>(raw_.pictures.size());
    raw_.pictures.push_back(std::move(pictures));
  }
}

void Loading::describe_pictures(const ImageCode& code, std::size_t c, ColumnReport& column) const {
  column.type = "image";
  const auto list = [](const std::vector<double>& values) {
    std::string out;
    for (const double x : values) out += " " + short_number(std::round(x * 1e3) / 1e3);
    return out;
  };
  const std::string from = code.from.empty()
                               ? count_of(uses_[c].facts.distinct, "picture")
                               : count_of(static_cast<std::int64_t>(code.from.size()), "column") + " " +
                                     code.from.front() + " to " + code.from.back();
  const Image::Scale scale = roles_.options<Image>(c).scale;
  const std::string values = scale == Image::Scale::unit ? "from 0 to 1"
                             : scale == Image::Scale::none
                                 ? "from 0 to 255"
                                 : "mean" + list(code.mean) + " deviation" + list(code.deviation);
  const std::string cut = code.seen == code.shape ? "" : " cut out of " + code.shape.text();
  column.detail = code.seen.text() + cut + ", " + from + ", " + values;
}

/// Pictures in IDX are no target, and numbers in IDX no pictures: two files under each other's names.
void Loading::check_idx(std::vector<Problem>& problems) const {
  for (std::size_t c = 0; c < uses_.size(); ++c) {
    const TableFile& file = sources_.front().file_of(c);
    if (!file.idx() || uses_[c].as == As::none) continue;
    const bool pictures = file.idx()->pictures();
    if (pictures ? !roles_.is_target(c) : uses_[c].as != As::image) continue;
    problems.push_back(
        {{},
         "data.columns." + in_yaml(roles_.names[c]) + ": " +
             (pictures ? "the target cannot be an image, but " : "it is to be an image, but ") +
             in_quotes(file.shown()) + " holds " + (pictures ? "pictures" : "numbers"),
         {"are two files swapped? the pictures belong to the image column, the numbers to the "
          "target, as in file: {image: PICTURES, label: NUMBERS}"}});
  }
}

/// A stack reads one picture and nothing else.
/// A stack that makes one vector of each column that needs its own, and one for the others; or, as tasks want
/// it that tell texts or labels, one column alone.
std::vector<std::string> Loading::ways_to_own_stacks(std::size_t group, std::size_t alone) const {
  const std::string leave =
      "leave the other features out: data.features: [" + in_yaml(roles_.names[alone]) + "]";
  if (std::any_of(request_.groups.begin(), request_.groups.end(),
                  [](const InputGroup& one) { return one.told; }))
    return {leave};
  constexpr std::string_view of_inputs = "inputs.";
  std::string inputs;  // first those that there are
  for (std::size_t g = 0; g < groups_.size(); ++g)
    if (const std::string& stack = request_.groups[g].stack; g != group && stack.starts_with(of_inputs))
      inputs += (inputs.empty() ? "" : ", ") + in_yaml(stack.substr(of_inputs.size())) + ": [...]";
  const std::string trunk = inputs.empty() ? "[output]" : "[...]";
  bool rest = false;
  for (const std::size_t c : groups_[group]) {
    const char* const layers = uses_[c].as == As::image      ? "flatten, {dense: 64}"
                               : is_text(c)                  ? "{embedding: 32}, {temporal_pool: mean}"
                               : uses_[c].as == As::sequence ? "{gru: {units: 32, output: last}}"
                                                             : nullptr;
    rest = rest || layers == nullptr;
    if (layers) inputs += (inputs.empty() ? "" : ", ") + in_yaml(roles_.names[c]) + ": [" + layers + "]";
  }
  return {
      "write model: {inputs: {" + inputs + (rest ? ", rest: [{dense: 32}]" : "") + "}, trunk: " + trunk + "}",
      "or " + leave};
}

void Loading::check_picture_groups(std::vector<Problem>& problems) const {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const auto at = std::find_if(groups_[g].begin(), groups_[g].end(),
                                 [&](std::size_t c) { return uses_[c].as == As::image; });
    if (at == groups_[g].end() || groups_[g].size() == 1) continue;
    const std::size_t other = groups_[g].front() == *at ? groups_[g].back() : groups_[g].front();
    problems.push_back({{},
                        "model." + request_.groups[g].stack + " reads the picture '" + roles_.names[*at] +
                            "' and other features (" + in_quotes(roles_.names[other]) +
                            (groups_[g].size() > 2 ? ", ..." : "") +
                            "), but a picture needs a stack of its own",
                        ways_to_own_stacks(g, *at)});
  }
}

}  // namespace bpnet
