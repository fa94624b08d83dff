// JSON Schema of the settings, for editors.

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "spec/info.hpp"
#include "spec/scalars.hpp"
#include "spec/spec.hpp"

namespace bpnet {

namespace {

using Json = nlohmann::ordered_json;
using spec::Info;
using spec::Node;

Json any_of(std::vector<Json> schemas) { return {{"anyOf", std::move(schemas)}}; }
Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }
Json map_to(Json values) { return {{"type", "object"}, {"additionalProperties", std::move(values)}}; }
Json number_schema(const char* type, const Range& range) {
  Json out = {{"type", type}};
  const double infinity = std::numeric_limits<double>::infinity();
  if (range.low > -infinity) out[range.low_open ? "exclusiveMinimum" : "minimum"] = range.low;
  if (range.high < infinity) out[range.high_open ? "exclusiveMaximum" : "maximum"] = range.high;
  return out;
}

/// What a reader of YAML makes of a word: true and false are no strings.
Json word(const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  return text;
}

Json keyword_schema(const std::vector<std::string>& words) {
  Json list = Json::array();
  for (const std::string& w : words) {
    list.push_back(word(w));
    if (w == "true") list.push_back("yes");
    if (w == "false") list.push_back("no");
  }
  return {{"enum", list}};
}

/// Definitions that many options share.
Json definition(const std::string& name) { return {{"$ref", "#/$defs/" + name}}; }
Json shared_definitions() {
  // scalars stay text for a text option, whatever a reader of YAML makes of them
  const Json text = {{"type", {"string", "number", "boolean"}}};
  const Json cell = {{"type", {"string", "number", "boolean", "null"}}};
  const Json length = {
      {"type", "string"},
      {"pattern", R"(^[+]?[0-9.]+([eE][+-]?[0-9]+)?( (epoch|step|second|minute|hour|percent)s?| ?%)$)"}};
  return {{"text", text},
          {"cell", cell},
          {"texts", any_of({definition("text"), list_of(definition("cell"))})},
          {"length", length}};
}

class Schema {
 public:
  Json run(Options& root) {
    Json out = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "bpnet configuration"}};
    out.update(options(spec::collect(root)));
    out["$defs"] = std::move(defs_);
    return out;
  }

 private:
  /// A map of options.
  Json options(const std::vector<Info>& infos) {
    Json properties = Json::object(), required = Json::array();
    for (const Info& info : infos) {
      properties[info.name] = option(info);
      if (info.required()) required.push_back(info.name);
    }
    Json out = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty()) out["required"] = std::move(required);
    return out;
  }

  Json option(const Info& info) {
    Json out = value(info);
    if (!info.off_word.empty()) out = any_of({std::move(out), {{"const", info.off_word}}});
    if (!info.help.empty()) out["description"] = info.help;
    if (info.value.kind == Node::Kind::scalar && !info.required() &&
        !(info.value.quoted && info.value.text.empty()))
      out["default"] = default_value(info);
    if (info.off()) out["default"] = info.off_word;
    return out;
  }

  static Json default_value(const Info& info) {
    const auto number = spec::read_number(info.value);
    const bool numeric = info.kind == Info::Kind::integer || info.kind == Info::Kind::number;
    if (numeric && info.kind == Info::Kind::integer)
      return std::get<std::int64_t>(spec::read_integer(info.value));
    if (numeric) return std::get<double>(number);
    return info.kind == Info::Kind::text ? Json(info.value.text) : word(info.value.text);
  }

  Json value(const Info& info) {
    using Kind = Info::Kind;
    switch (info.kind) {
      case Kind::flag:
        return {{"type", "boolean"}};
      case Kind::integer:
        return number_schema("integer", info.range);
      case Kind::number:
        return number_schema("number", info.range);
      case Kind::text:
        return definition("text");
      case Kind::keyword:
        return keyword_schema(info.words);
      case Kind::length:
        return length(info);
      case Kind::texts:
        return definition("texts");
      case Kind::integers:
        return one_or_list(info.zero_word.empty() ? number_schema("integer", info.range)
                                                  : any_of({number_schema("integer", info.range),
                                                            Json{{"const", info.zero_word}}}));
      case Kind::numbers:
        return one_or_list(number_schema("number", info.range));
      case Kind::lengths:
        return one_or_list(length(info));
      case Kind::mapping:
        return map_to(definition("cell"));
      case Kind::weights:
        return map_to(number_schema("number", info.range));
      case Kind::files:
        return one_or_list(any_of({definition("text"), map_to(definition("text"))}));
      case Kind::choice:
        return choice(*info.table);
      case Kind::choices:
        return one_or_list(choice(*info.table));
      case Kind::branches:
        return list_of(list_of(choice(*info.table)));
      case Kind::choice_map:
        return map_to(choice(*info.table));
      case Kind::choice_or_map:
        return any_of({choice(*info.table), other_names(*info.table, info.off_word)});
      case Kind::stacks:
        return stacks(*info.table);
      case Kind::group: {
        Json out = options(info.options);
        if (info.takes_value) return any_of({value(info.options[0]), std::move(out)});
        out["type"] = {"object", "null"};  // a section with nothing in it
        return out;
      }
    }
    return {};
  }

  static Json length(const Info& info) {
    return info.bare ? any_of({definition("length"), number_schema("number", at_least(0))})
                     : definition("length");
  }
  static Json one_or_list(const Json& one) { return any_of({one, list_of(one)}); }

  /// {NAME: choice}, where no name is one of the table's. `off`: the word that stands for no choice; may be
  /// "".
  Json other_names(const Table& table, const std::string& off = "") {
    Json out = map_to(off.empty() ? choice(table) : any_of({choice(table), {{"const", off}}}));
    out["propertyNames"] = {{"not", keyword_schema(spec::names_of(table))}};
    return out;
  }

  Json stacks(const Table& table) {
    Json list = list_of(choice(table));
    list["minItems"] = 1;
    Json named = other_names(table);
    named["additionalProperties"] = list_of(choice(table));
    named["minProperties"] = 1;
    Json inputs = map_to(list_of(choice(table)));
    named["properties"] = {{"inputs", any_of({inputs, list_of(choice(table))})}};
    return any_of({list, named});
  }

  /// A reference to the table's definition, which is made on first use.
  Json choice(const Table& table) {
    std::string name = table.kind;
    std::replace(name.begin(), name.end(), ' ', '_');
    if (!defs_.contains(name)) {
      defs_[name] = nullptr;  // stands for itself while its members are described
      Json schema = member_schema(table);
      defs_[name] = std::move(schema);
    }
    return definition(name);
  }

  /// `name`, or `name: value`, or `name: {option: value}`.
  Json member_schema(const Table& table) {
    std::vector<Json> words;
    Json properties = Json::object();
    for (const Entry* entry : table.entries) {
      const auto fresh = entry->make();
      const std::vector<Info> infos = spec::collect(*fresh);
      bool complete = true;
      for (const Info& info : infos) complete = complete && !info.required();
      std::vector<Json> values = {options(infos)};
      if (const Info* main = spec::main_option(infos)) values.push_back(option(*main));
      if (complete) {
        values.push_back({{"type", "null"}});
        words.push_back({{"const", entry->name}, {"description", entry->description}});
      }
      Json property = any_of(std::move(values));
      property["description"] = entry->description;
      properties[entry->name] = std::move(property);
    }
    words.push_back({{"type", "object"},
                     {"properties", std::move(properties)},
                     {"additionalProperties", false},
                     {"minProperties", 1},
                     {"maxProperties", 1}});
    return any_of(std::move(words));
  }

  Json defs_ = shared_definitions();
};

}  // namespace

nlohmann::ordered_json schema_of(Options& root) { return Schema().run(root); }

}  // namespace bpnet
