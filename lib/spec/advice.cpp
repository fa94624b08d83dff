#include "spec/advice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spec/scalars.hpp"
#include "spec/words.hpp"

namespace bpnet::spec {

namespace {

/// An option of a section: "train" has "epochs".
struct Home {
  std::string name, section;
};

void find_options(const std::vector<Info>& infos, const std::string& section, std::vector<Home>& out) {
  for (const Info& info : infos) {
    out.push_back({info.name, section});
    find_options(info.options, join(section, info.name), out);
  }
}

/// "epochs belongs in train"; empty when no section but this one has such an option.
std::string belongs(const std::string& name, const std::vector<Home>& options, const std::string& path) {
  std::vector<std::string> sections;
  for (const Home& p : options)
    if (p.name == name && p.section != path)
      sections.push_back(p.section.empty() ? "the top level" : p.section);
  return sections.empty() ? "" : fmt::format("{} belongs in {}", name, either(sections));
}

struct Chosen {
  std::string path;
  const Info* info;
};

void find_choices(const std::vector<Info>& infos, const std::string& path, std::vector<Chosen>& out) {
  for (const Info& info : infos) {
    const std::string here = join(path, info.name);
    if (info.table) out.push_back({here, &info});
    find_choices(info.options, here, out);
  }
}

std::vector<std::string> members_with(const Table& table, const std::string& name) {
  std::vector<std::string> members;
  for (const Entry* entry : table.entries) {
    const auto options = entry->make();
    const std::vector<Info> infos = collect(*options);
    if (const Info* info = find_info(infos, name); info && !info->common) members.emplace_back(entry->name);
  }
  return members;
}

bool needs_options(const Entry& entry) {
  const auto options = entry.make();
  const std::vector<Info> infos = collect(*options);
  return std::any_of(infos.begin(), infos.end(), [](const Info& info) { return info.required(); });
}

/// Members that other tools call exactly so, or else but for capitals and underscores. `alone`: rather those
/// that need no options.
std::vector<std::string> members_called(const std::string& other, const Table& table, bool alone) {
  std::vector<std::string> exact, alike, without_options;
  for (const Entry* entry : table.entries) {
    const std::vector<std::string> words = split_words(entry->other_words);
    const bool is_exact = std::find(words.begin(), words.end(), other) != words.end();
    if (is_exact) exact.emplace_back(entry->name);
    if (is_exact && alone && !needs_options(*entry)) without_options.emplace_back(entry->name);
    if (lists_word(entry->other_words, other)) alike.emplace_back(entry->name);
  }
  if (!without_options.empty()) return without_options;
  return exact.empty() ? alike : exact;
}

/// "sgd, adam and adamw"; of many the first few.
std::string some_of(std::vector<std::string> members) {
  constexpr std::size_t most_members = 4;
  if (members.size() > most_members) members.resize(most_members);
  return both(members);
}

/// "data.columns: {COLUMN: {text: {max_length: ...}}}"; empty when no such map has a member with the option.
std::string place_in_map(const std::string& name, const std::vector<Info>& root) {
  std::vector<Chosen> choices;
  find_choices(root, "", choices);
  for (const auto& [path, info] : choices) {
    if (info->kind != Info::Kind::choice_map) continue;
    if (const auto members = members_with(*info->table, name); !members.empty())
      return fmt::format("{}: {{COLUMN: {{{}: {{{}: ...}}}}}}", path, members[0], name);
  }
  return "";
}

/// "learning_rate belongs in optimizer: {adam: {learning_rate: ...}}"; empty when no member has it. `here`:
/// where it was written.
std::string belongs_to_member(const std::string& name, const std::vector<Info>& root,
                              const std::string& here) {
  std::vector<Chosen> choices;
  find_choices(root, "", choices);
  const std::string in_map = place_in_map(name, root);
  for (const auto& [path, info] : choices) {
    std::vector<std::string> members = members_with(*info->table, name);
    if (members.empty()) continue;
    const bool is_map = info->kind == Info::Kind::choice_map;
    if (!in_map.empty() && (is_map || here.starts_with(path + ".") || in_map.starts_with(here + ".")))
      return fmt::format("{} belongs in {}", name, in_map);
    const std::string or_map = in_map.empty() ? "" : ", or in " + in_map;
    const std::string usual = default_text(*info);
    const bool has = std::find(members.begin(), members.end(), usual) != members.end();
    if (has || info->kind == Info::Kind::choice)
      return fmt::format("{} belongs in {}: {{{}: {{{}: ...}}}}{}", name, path, has ? usual : members[0],
                         name, or_map);
    return fmt::format("{} is an option of {}", name, some_of(std::move(members)));
  }
  return "";
}

/// `lr=0.01` or `16` of Adam(lr=0.01), Dense(16), as an option of ours: {learning_rate, 0.01}; no name for an
/// option that is not known.
std::pair<std::string, std::string> option_of_call(std::string argument, const std::vector<Info>& infos) {
  std::erase_if(argument, [](char c) { return c == ' ' || c == '\'' || c == '"'; });
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos) {
    const Info* main = main_option(infos);
    return {main ? main->name : "", argument};
  }
  const Info* info = info_called(argument.substr(0, equals), infos);
  return {info ? info->name : "", argument.substr(equals + 1)};
}

/// Dense(16) -> "dense: 16", Adam(lr=0.01) -> "adam: {learning_rate: 0.01}"; empty when it is no such call.
std::string call_as_ours(const std::string& text, const Table& table) {
  const std::size_t open = text.find('(');
  if (open == std::string::npos || !text.ends_with(')')) return "";
  const std::size_t point = text.rfind('.', open);  // nn.Linear(4)
  const std::size_t begin = point == std::string::npos ? 0 : point + 1;
  const Entry* entry = surely_meant(text.substr(begin, open - begin), table);
  if (!entry) return "";
  if (std::string_view(entry->name).ends_with("_norm")) return entry->name;  // widths follow from the input
  const auto fresh = entry->make();
  const std::vector<Info> infos = collect(*fresh);
  const std::string inside = text.substr(open + 1, text.size() - open - 2);
  std::string options;
  std::size_t count = 0;
  for (std::size_t at = 0; at < inside.size(); ++count) {
    const std::size_t end = std::min(inside.find(',', at), inside.size());
    const auto [name, value] = option_of_call(inside.substr(at, end - at), infos);
    if (name.empty() || (count > 0 && options.find(name + ": ") != std::string::npos))
      return std::string(entry->name) + ": {...}";
    options += (count == 0 ? "" : ", ") + name + ": " + value;
    at = end + 1;
  }
  const Info* main = main_option(infos);
  if (count == 0) return entry->name;
  if (count == 1 && main && options.starts_with(main->name + ": "))
    return std::string(entry->name) + options.substr(main->name.size());
  return fmt::format("{}: {{{}}}", entry->name, options);
}

std::string did_you_mean(std::vector<std::string> names) {
  for (std::string& name : names) name = quote(name);
  return fmt::format("did you mean {}?", either(names));
}

std::string did_you_mean(const std::vector<std::string>& names, const std::vector<Info>& infos) {
  const std::string question = did_you_mean(names);
  return names.size() == 1 ? fmt::format("{} ({})", question, summary(*find_info(infos, names[0])))
                           : question;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

/// `units:32`, read as one word: how far the name goes; npos when it is no such word.
std::size_t tight_colon(const Node& key) { return key.quoted ? std::string::npos : key.text.find(':'); }
std::string put_space(const Node& key) {
  const std::size_t colon = tight_colon(key);
  return fmt::format("put a space after the colon: {}: {}", key.text.substr(0, colon),
                     key.text.substr(colon + 1));
}

/// Where our words for another tool's word belong.
std::string ours_elsewhere(const std::string& word, const std::vector<Home>& options, const std::string& path,
                           const std::vector<Info>& root) {
  for (const std::string& ours : our_words(word)) {
    if (const std::string found = belongs(ours, options, path); !found.empty())
      return did_you_mean({ours}) + " " + found;
    if (const std::string found = belongs_to_member(ours, root, path); !found.empty())
      return did_you_mean({ours}) + " " + found;
  }
  return "";
}

std::string elsewhere(const std::string& word, const std::vector<Home>& options, const std::string& path,
                      const std::vector<Info>& root) {
  if (std::string found = belongs_to_member(word, root, path); !found.empty()) return found;
  if (std::string found = ours_elsewhere(word, options, path, root); !found.empty()) return found;
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const Home& p : options) names.push_back(p.name);
  for (const std::string& near : nearest_words(word, names))
    if (const std::string found = belongs(near, options, path); !found.empty())
      return did_you_mean({near}) + " " + found;
  return "";
}

/// What other tools ask for and layers see of their inputs.
bool is_told_by_input(std::string_view word) {
  return lists_word(
      "in_channels in_features in_planes num_features num_channels normalized_shape input_dim "
      "input_shape input_size",
      word);
}

}  // namespace

Advice advise_option(const Node& key, const std::vector<Info>& here, const std::string& path,
                     const std::vector<Info>& root) {
  const std::string& word = key.text;
  if (const std::string name = word.substr(0, tight_colon(key)); name != word && find_info(here, name))
    return {{put_space(key)}, {name}};
  for (const Info& info : here)
    if (lists_word(info.name, word)) return {{did_you_mean({info.name}, here)}, {info.name}};
  if (std::string answer = answer_to(path, word); !answer.empty()) return {{std::move(answer)}, {}};
  for (const std::string& ours : our_words(word))
    if (find_info(here, ours)) return {{did_you_mean({ours}, here)}, {ours}};
  if (find_info(here, "freeze") && is_told_by_input(word))
    return {{"leave it out: a layer sees what its input is like"}, {}};
  std::vector<Home> options;
  find_options(root, "", options);
  if (std::string found = belongs(word, options, path); !found.empty()) return {{std::move(found)}, {}};
  const bool section =
      std::any_of(options.begin(), options.end(), [&](const Home& o) { return o.section == path; });
  if (section && !place_in_map(word, root).empty()) return {{belongs_to_member(word, root, path)}, {}};
  if (section)  // train.lr is rather the optimizer's learning_rate than l1
    if (std::string found = ours_elsewhere(word, options, path, root); !found.empty())
      return {{std::move(found)}, {}};
  if (auto near = nearest_words(word, names_of(here)); !near.empty())
    return {{did_you_mean(near, here)}, near};
  if (std::string found = elsewhere(word, options, path, root); !found.empty())
    return {{std::move(found)}, {}};
  if (here.empty()) return {{"it has no options"}, {}};
  return {{fmt::format("the options are {}", listed(names_of(here)))}, {}};
}

std::vector<std::string> advise_name(const Node& name, const Table& table, bool alone) {
  if (name.folded) return {"the text runs over several lines: is the indentation right?"};
  if (table.find(name.text.substr(0, tight_colon(name)))) return {put_space(name)};
  if (std::string answer = answer_to(table.plural, name.text); !answer.empty()) return {std::move(answer)};
  if (const std::string ours = call_as_ours(name.text, table); !ours.empty()) return {"write " + ours};
  if (const auto meant = members_called(name.text, table, alone); !meant.empty())
    return {did_you_mean(meant)};
  const std::vector<std::string> known = names_of(table);
  if (const auto near = nearest_words(name.text, known); !near.empty()) return {did_you_mean(near)};
  for (const Entry* entry : table.entries)
    if (!nearest_words(name.text, split_words(entry->other_words)).empty())
      return {did_you_mean({entry->name})};
  if (const auto members = members_with(table, name.text); !members.empty())
    return {fmt::format("{} is an option of {}: put it behind a name, as in {}: {{{}: ...}}", name.text,
                        some_of(members), members[0], name.text)};
  const bool types = std::string_view(table.kind).ends_with(" type");
  return {fmt::format("the {} are {}", types ? table.kind + std::string("s") : table.plural, listed(known))};
}

const Info* info_called(const std::string& word, const std::vector<Info>& infos) {
  if (const Info* info = find_info(infos, word)) return info;
  for (const std::string& ours : our_words(word))
    if (const Info* info = find_info(infos, ours)) return info;
  return nullptr;
}

const Entry* surely_meant(const std::string& name, const Table& table) {
  for (const Entry* entry : table.entries)
    if (lists_word(entry->name, name)) return entry;
  if (!answer_to(table.plural, name).empty()) return nullptr;
  const std::vector<std::string> called = members_called(name, table, false);
  return called.size() == 1 ? table.find(called[0]) : nullptr;
}

std::vector<std::string> advise_word(const std::string& word, const std::vector<std::string>& known) {
  const auto near = nearest_words(word, known);
  return near.empty() ? std::vector<std::string>{} : std::vector{did_you_mean(near)};
}

}  // namespace bpnet::spec
