#include "data/encoding.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/csv_dialect.hpp"
#include "data/text_rows.hpp"
#include "spec/spec.hpp"

namespace bpnet {

namespace {
using CodeKind = CodeColumn::Kind;
constexpr int most_codes = 1 << 30;
}  // namespace

int FeatureColumn::width() const {
  if (const DateCode* d = date()) return d->form.width();
  return number() ? 1 : 0;
}

bool FeatureColumn::indicator() const {
  if (const DateCode* d = date()) return d->indicator;
  return number() && number()->indicator;
}

bool FeatureColumn::refuse_missing() const {
  if (const DateCode* d = date()) return d->refuse_missing;
  return number() && number()->refuse_missing;
}

bool FeatureColumn::drop_missing() const {
  if (const DateCode* d = date()) return d->drop_missing;
  return number() && number()->drop_missing;
}

void TableEncoding::lay_out() {
  inputs_.clear();
  plans_.clear();
  codes_.clear();
  kinds_.clear();
  scales_.clear();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const GroupColumns& group = groups[g];
    if (group.text) {
      lay_out_steps(g);
    } else if (group.codes) {
      lay_out_codes(group);
    } else {
      lay_out_numbers(group);
      lay_out_embeddings(group);
      lay_out_images(group);
      if (!group.features.empty() && features[group.features.front()].sequence()) lay_out_steps(g);
    }
  }
  for (const TargetColumn& target : target_columns) {
    TargetKind& kind = kinds_.emplace_back();
    kind.name = target.name;
    kind.classes = target.classes;
    kind.labels = target.labels.names();
    kind.counts = target.labels.counts();
    kind.weights = target.weights;
    kind.least = target.least;
    kind.mean = target.mean;
    kind.deviation = target.deviation;
    scales_.push_back(target.scale);
  }
  if (windows) lay_out_windows();
}

void TableEncoding::lay_out_numbers(const GroupColumns& group) {
  PortPlan plan;
  plan.first_code = static_cast<int>(codes_.size());
  int width = 0;
  for (const std::size_t f : group.features)
    for (int column = 0; column < features[f].width(); ++column) plan.numbers.push_back({f, column});
  width += static_cast<int>(plan.numbers.size());
  for (const std::size_t f : group.features)
    if (features[f].indicator()) {
      codes_.push_back({CodeKind::indicator, f, 1, 0});
      ++width;
    }
  for (const std::size_t f : group.features)
    if (const LabelCode* labels = features[f].labels(); labels && labels->embedding_width == 0) {
      codes_.push_back({CodeKind::one_hot, f, labels->labels.size(), 0});
      width += labels->labels.size();
    }
  if (width == 0) return;
  plan.codes = static_cast<int>(codes_.size()) - plan.first_code;
  InputPort port;
  const auto columns = std::make_shared<Features>();
  columns->numbers = static_cast<int>(plan.numbers.size());
  for (int c = plan.first_code; c < plan.first_code + plan.codes; ++c)
    columns->widths.push_back(codes_[static_cast<std::size_t>(c)].width);
  port.port.features = columns;
  plans_.push_back(std::move(plan));
  port.stack = group.stack;
  port.name = "numbers";
  port.port.shape = Shape{width};
  inputs_.push_back(std::move(port));
}

void TableEncoding::lay_out_embeddings(const GroupColumns& group) {
  for (const std::size_t f : group.features) {
    const LabelCode* labels = features[f].labels();
    if (!labels || labels->embedding_width == 0) continue;
    plans_.push_back({{}, static_cast<int>(codes_.size()), 1});
    codes_.push_back({CodeKind::embedded, f, 0, 0});
    InputPort port;
    port.stack = group.stack;
    port.name = features[f].name;
    port.port.shape = Shape{1};
    port.port.type = Type::i32;
    port.port.classes = labels->labels.size() + 1;
    port.embedding_width = labels->embedding_width;
    inputs_.push_back(std::move(port));
  }
}

void TableEncoding::lay_out_images(const GroupColumns& group) {
  for (const std::size_t f : group.features) {
    const ImageCode* image = features[f].image();
    if (!image) continue;
    plans_.push_back({{}, 0, 0, static_cast<int>(f)});
    InputPort port;
    port.stack = group.stack;
    port.name = features[f].name;
    port.port.shape = image->seen;
    port.cut = image->seen != image->shape;
    inputs_.push_back(std::move(port));
  }
}

void TableEncoding::lay_out_steps(std::size_t g) {
  const GroupColumns& group = groups[g];
  PortPlan plan;
  plan.group = g;
  for (const PortPlan& other : plans_) plan.time = std::max(plan.time, other.time);
  ++plan.time;
  const FeatureColumn& first = features[group.features.front()];
  InputPort port;
  port.stack = group.stack;
  port.name = group.features.size() == 1 ? first.name : "texts";
  port.port.shape = Shape{1};
  port.port.time = plan.time;
  if (group.text) {
    port.port.type = Type::i32;
    port.port.classes = group.text->classes();
    port.longest = group.text->longest(group.features.size());
  } else {
    port.longest = first.sequence()->max_length;
  }
  plans_.push_back(std::move(plan));
  inputs_.push_back(std::move(port));
}

void TableEncoding::lay_out_codes(const GroupColumns& group) {
  PortPlan plan{{}, static_cast<int>(codes_.size()), static_cast<int>(group.features.size())};
  int next = 0;
  for (const std::size_t f : group.features) {
    codes_.push_back({CodeKind::embedded, f, 0, next});
    next += std::get<LabelCode>(features[f].code).labels.size() + 1;
  }
  plans_.push_back(std::move(plan));
  InputPort port;
  port.stack = group.stack;
  port.name = "codes";
  port.port.shape = Shape{static_cast<int>(group.features.size())};
  port.port.type = Type::i32;
  port.port.classes = next;
  inputs_.push_back(std::move(port));
}

/// Of the inputs and targets of rows one window's are made.
void TableEncoding::lay_out_windows() {
  steps_ = {};
  if (!inputs_.empty()) steps_.features = inputs_[0].port.width();
  steps_.width = steps_.features;
  if (windows->horizon > 0)
    for (const TargetColumn& target : target_columns) {
      steps_.past.push_back(steps_.width);
      steps_.width += target.classes ? target.labels.size() : 1;
    }
  const auto known = [&](std::size_t f) {
    return std::find(windows->known.begin(), windows->known.end(), f) != windows->known.end();
  };
  int at = 0;
  for (const PortPlan& plan : plans_) {
    for (const PortPlan::Number& number : plan.numbers) {
      if (known(number.feature)) steps_.known.push_back(at);
      ++at;
    }
    for (int c = plan.first_code; c < plan.first_code + plan.codes; ++c) {
      const CodeColumn& code = codes_[static_cast<std::size_t>(c)];
      for (int i = 0; i < code.width; ++i, ++at)
        if (known(code.feature)) steps_.known.push_back(at);
    }
  }
  steps_.width += static_cast<int>(steps_.known.size());
  InputPort port;
  port.stack = groups[0].stack;
  port.name = "window";
  port.port.shape = windows->grid ? Shape{windows->window, steps_.width} : Shape{steps_.width};
  port.port.time = windows->grid ? 0 : 1;
  port.longest = windows->grid ? 1 : windows->window;
  inputs_ = {std::move(port)};
  std::vector<TargetKind> kinds;
  std::vector<TargetScale> scales;
  for (std::size_t t = 0; t < kinds_.size(); ++t)
    for (int ahead = 1; ahead <= windows->heads(); ++ahead) {
      TargetKind& kind = kinds.emplace_back(kinds_[t]);
      scales.push_back(scales_[t]);
      if (windows->horizon == 0) continue;
      kind.ahead = ahead;
      kind.seasonal = target_columns[t].seasonal;
      if (windows->horizon == 1) continue;
      kind.column = kind.name;
      kind.name += "+" + std::to_string(ahead);
    }
  kinds_ = std::move(kinds);
  scales_ = std::move(scales);
}

nlohmann::json TableEncoding::to_json() const {
  CsvSettings written = csv;
  auto json = nlohmann::json{{"csv", settings_to_json(written)},
                             {"positions", positions},
                             {"weight", weight},
                             {"lines", lines},
                             {"series", windows ? windows->to_json() : nullptr},
                             {"features", nlohmann::json::array()},
                             {"targets", nlohmann::json::array()},
                             {"groups", nlohmann::json::array()}};
  for (const FeatureColumn& feature : features) {
    const char* const type = feature.number()     ? "number"
                             : feature.date()     ? "date"
                             : feature.image()    ? "image"
                             : feature.text()     ? "text"
                             : feature.sequence() ? "sequence"
                                                  : "category";
    json["features"].push_back(
        {{"name", feature.name},
         {"type", type},
         {"code", std::visit([](const auto& code) { return code.to_json(); }, feature.code)}});
  }
  for (const TargetColumn& target : target_columns) {
    auto seasonal = nlohmann::json::array();
    for (const SeasonalError& e : target.seasonal)
      seasonal.push_back({e.season, std::isnan(e.error) ? nlohmann::json() : nlohmann::json(e.error)});
    json["targets"].push_back({{"name", target.name},
                               {"type", target.classes ? "classes" : "number"},
                               {"labels", target.labels.to_json()},
                               {"weights", target.weights},
                               {"replace", target.replace},
                               {"scale", {target.scale.mean, target.scale.deviation}},
                               {"mean", target.mean},
                               {"deviation", target.deviation},
                               {"least", target.least},
                               {"seasonal", seasonal},
                               {"refuse_missing", target.refuse_missing}});
  }
  for (const GroupColumns& group : groups)
    json["groups"].push_back({{"stack", group.stack},
                              {"features", group.features},
                              {"codes", group.codes},
                              {"told", group.told},
                              {"tags", group.tags},
                              {"text", group.text ? group.text->to_json() : nullptr}});
  return json;
}

namespace {

/// Codes of a group and widths of ports must fit their integers, and features must exist.
void check(const TableEncoding& encoding) {
  const auto demand = [](bool good, const char* what) {
    if (!good)
      throw Error(Fault::data, std::string("the model's description of its data is damaged: ") + what);
  };
  const bool tells = std::any_of(encoding.groups.begin(), encoding.groups.end(),
                                 [](const GroupColumns& group) { return group.told && group.text; });
  demand(tells || !encoding.target_columns.empty(), "it has no target");
  for (const TargetColumn& target : encoding.target_columns)
    demand(target.weights.empty() || target.weights.size() == target.labels.names().size(),
           "weights of classes");
  int times = 0;
  for (const GroupColumns& group : encoding.groups) {
    std::int64_t codes = 0;
    demand(!group.features.empty() || encoding.windows, "a group reads nothing");
    demand(!encoding.windows || (!group.codes && !group.text), "a series of codes");
    demand(!group.tags || (times == 1 && group.text), "labels of steps that are not there");
    for (const std::size_t f : group.features) {
      demand(f < encoding.features.size(), "a group reads a feature that is not there");
      const LabelCode* labels = encoding.features[f].labels();
      demand(!group.codes || labels != nullptr || group.text,
             "a group of codes reads a column that has none");
      demand(encoding.features[f].text() == (group.text != nullptr), "a text without tokens");
      demand(!encoding.features[f].sequence() || group.features.size() == 1, "a sequence beside others");
      if (labels) codes += labels->labels.size() + 1;
    }
    demand(codes < most_codes, "it has too many labels");
    times += group.text ||
             (!group.features.empty() && encoding.features[group.features.front()].sequence() != nullptr);
    demand(times <= time_axes, "it has too many sequences");
  }
  if (encoding.windows) {
    demand(encoding.groups.size() == 1, "a series for several stacks");
    for (const FeatureColumn& feature : encoding.features)
      demand(
          feature.number() || feature.date() || (feature.labels() && feature.labels()->embedding_width == 0),
          "a series of what are no numbers");
    for (const std::size_t f : encoding.windows->known)
      demand(f < encoding.features.size(), "what is known ahead is not there");
  }
  for (const FeatureColumn& feature : encoding.features)
    if (const LabelCode* labels = feature.labels())
      demand(labels->embedding_width >= 0 && labels->embedding_width <= 1 << 20, "an embedding's width");
}

}  // namespace

std::shared_ptr<const Encoding> Encoding::from_json(const nlohmann::json& json) {
  auto out = std::make_shared<TableEncoding>();
  try {
    if (json.contains("text")) return TextWindows::from_json(json.at("text"));
    settings_from_json(out->csv, json.at("csv"));
    json.at("positions").get_to(out->positions);
    json.at("weight").get_to(out->weight);
    out->lines = json.value("lines", false);
    for (const auto& from : json.at("features")) {
      FeatureColumn feature;
      from.at("name").get_to(feature.name);
      const auto type = from.at("type").get<std::string>();
      if (type == "number")
        feature.code = NumberCode::from_json(from.at("code"));
      else if (type == "date")
        feature.code = DateCode::from_json(from.at("code"));
      else if (type == "image")
        feature.code = ImageCode::from_json(from.at("code"));
      else if (type == "text")
        feature.code = TextFeature();
      else if (type == "sequence")
        feature.code = SequenceCode::from_json(from.at("code"));
      else
        feature.code = LabelCode::from_json(from.at("code"));
      out->features.push_back(std::move(feature));
    }
    for (const auto& from : json.at("targets")) {
      TargetColumn target;
      from.at("name").get_to(target.name);
      target.classes = from.at("type").get<std::string>() == "classes";
      target.labels = Labels::from_json(from.at("labels"));
      from.at("weights").get_to(target.weights);
      from.at("replace").get_to(target.replace);
      from.at("scale").at(0).get_to(target.scale.mean);
      from.at("scale").at(1).get_to(target.scale.deviation);
      from.at("mean").get_to(target.mean);
      from.at("deviation").get_to(target.deviation);
      from.at("least").get_to(target.least);
      from.at("refuse_missing").get_to(target.refuse_missing);
      for (const auto& e : from.value("seasonal", nlohmann::json::array()))
        target.seasonal.push_back(
            {e.at(0).get<int>(), e.at(1).is_null() ? std::nan("") : e.at(1).get<double>()});
      out->target_columns.push_back(std::move(target));
    }
    for (const auto& from : json.at("groups")) {
      GroupColumns group;
      from.at("stack").get_to(group.stack);
      from.at("features").get_to(group.features);
      from.at("codes").get_to(group.codes);
      group.told = from.value("told", false);
      group.tags = from.value("tags", false);
      if (const auto text = from.find("text"); text != from.end() && !text->is_null())
        group.text = std::make_shared<TextCode>(TextCode::from_json(*text));
      out->groups.push_back(std::move(group));
    }
    if (const auto series = json.find("series"); series != json.end() && !series->is_null())
      out->windows = SeriesCode::from_json(*series);
    check_csv(out->csv);
  } catch (const nlohmann::json::exception& e) {
    throw Error(Fault::data, std::string("the model's description of its data is damaged: ") + e.what());
  } catch (const Error& e) {
    throw Error(Fault::data, std::string("the model's description of its data is damaged: ") + e.what());
  }
  check(*out);
  out->lay_out();
  return out;
}

}  // namespace bpnet
