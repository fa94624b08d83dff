#include "own_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "spec/spec.hpp"
#include "tasks/augmenting.hpp"
#include "text_table.hpp"

namespace bpnet::app {

namespace {

const char* const part_names[] = {"train", "validation", "test"};

std::vector<std::int64_t> part_rows(const Dataset& dataset, const std::string& part) {
  std::vector<std::int64_t> out;
  for (std::size_t p = 0; p < 3; ++p)
    if (part == "all" || part == part_names[p])
      out.insert(out.end(), dataset.parts[p].begin(), dataset.parts[p].end());
  std::sort(out.begin(), out.end());
  return out;
}

struct DataOption : Options {
  FileList data;
  void visit(Visitor& v) override { v("data", data, "another file"); }
};

/// Sums of other instruction sets differ in their last digits.
bool same_but_for_rounding(const nlohmann::json& a, const nlohmann::json& b) {
  if (a.is_number() && b.is_number()) {
    const double x = a.get<double>(), y = b.get<double>();
    return x == y || std::abs(x - y) <= 1e-6 * (std::abs(x) + std::abs(y)) ||
           (std::isnan(x) && std::isnan(y));
  }
  if (a.size() != b.size() || (a.is_structured() && a.type() != b.type())) return false;
  if (!a.is_structured()) return a == b || (a.is_number() != b.is_number() && (a.is_null() || b.is_null()));
  for (auto x = a.begin(), y = b.begin(); x != a.end(); ++x, ++y)
    if ((a.is_object() && x.key() != y.key()) || !same_but_for_rounding(*x, *y)) return false;
  return true;
}

}  // namespace

std::string first_of_pictures(const Encoding& encoding) {
  std::vector<std::string> names;
  for (const InputPort& input : encoding.inputs())
    if (is_picture(input)) names.push_back(shown(input.name));
  if (names.size() < 2) return "";
  return fmt::format(", column '{}' (not '{}')", names[0], fmt::join(names.begin() + 1, names.end(), "', '"));
}

FileItem item_of(const std::string& text, const char* argument) {
  if (!text.starts_with('{')) return text;
  DataOption option;
  try {
    bind_settings(option, "", "", std::vector<std::string>{"data=" + text});
  } catch (const Error& error) {
    std::vector<Problem> problems = error.problems();
    for (Problem& problem : problems) problem.place.file = argument;
    throw Error(Fault::command_line, std::move(problems));
  }
  return option.data.at(0);
}

std::shared_ptr<const Dataset> own_data(const Model& model, const DataSettings& data, const char* instead) {
  const TaskRequest request = task_request(model.settings, {});
  auto dataset =
      std::make_shared<Dataset>(load_dataset(data, model.settings.task.as<Task>()->request(request)));
  for (std::size_t f = 0; f < std::min(model.files.size(), dataset->files.size()); ++f) {
    const Dataset::File &then = model.files[f], &now = dataset->files[f];
    const std::vector<std::string> help = {std::string(instead) + ", or train again"};
    if (then.hash != now.hash)
      throw Error(
          Fault::data,
          now.path + " changed since this model was trained on it, so its parts are not the same rows", help);
    if (then.pictures != now.pictures)
      throw Error(Fault::data,
                  "pictures that " + now.path + " names changed since this model was trained on them", help);
  }
  if (!same_but_for_rounding(dataset->encoding->to_json(), model.encoding->to_json()))
    throw Error(
        Fault::data,
        "the data is read otherwise than it was when this model was trained, by another version of bpnet",
        {std::string(instead) + ", or train again"});
  return dataset;
}

OwnRows own_rows(const Model& model, const DataSettings& data, const std::string& part, const char* instead) {
  const auto dataset = own_data(model, data, instead);
  OwnRows out{dataset, part_rows(*dataset, part)};
  if (out.which.empty()) {
    std::vector<std::string> have;
    for (std::size_t p = 0; p < 3; ++p)
      if (!dataset->parts[p].empty())
        have.push_back(fmt::format("--rows {} ({})", part_names[p], dataset->parts[p].size()));
    throw Error(Fault::data, "this run has no " + part + " rows",
                {fmt::format("there are: {}", fmt::join(have, ", "))});
  }
  return out;
}

}  // namespace bpnet::app
