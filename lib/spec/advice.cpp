#include "spec/advice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spec/other_words.hpp"
#include "spec/scalars.hpp"
#include "spec/spec.hpp"
#include "spec/yaml_text.hpp"

namespace bpnet::spec {

namespace {

constexpr std::size_t most_suggested = 3;

std::vector<std::string> quoted(std::vector<std::string> words) {
  if (words.size() > most_suggested) words.resize(most_suggested);
  for (std::string& word : words) word = quote(word);
  return words;
}

/// An option found somewhere in the settings.
struct Elsewhere {
  std::string name, path;
};

void find_sections(const std::vector<Info>& infos, const std::string& path, const std::string& name,
                   std::vector<Elsewhere>& out) {
  for (const Info& info : infos) {
    if (info.name == name) out.push_back({name, path});
    find_sections(info.options, join(path, info.name), name, out);
  }
}

/// Where `name` is an option of a section: "train", "data.split".
std::vector<std::string> sections_with(const std::vector<Info>& root, const std::string& name,
                                       const std::string& except) {
  std::vector<Elsewhere> found;
  find_sections(root, "", name, found);
  std::vector<std::string> sections;
  for (const Elsewhere& e : found)
    if (e.path != except || e.name != name) sections.push_back(e.path.empty() ? "the top level" : e.path);
  return sections;
}

/// Entries of a table that have `name` among their own options.
std::vector<std::string> members_with(const Table& table, const std::string& name) {
  std::vector<std::string> members;
  for (const Entry* entry : table.entries) {
    const auto options = entry->make();
    const std::vector<Info> infos = collect(*options);
    if (const Info* info = find_info(infos, name); info && !info->common) members.emplace_back(entry->name);
  }
  return members;
}

void collect_tables(const std::vector<Info>& infos, const std::string& path, std::vector<std::pair<std::string, Info>>& out) {
  for (const Info& info : infos) {
    const std::string here = join(path, info.name);
    if (info.table) out.emplace_back(here, info);
    collect_tables(info.options, here, out);
  }
}

/// "learning_rate belongs in optimizer: {adam: {learning_rate: ...}}"
std::string place_in_tables(const std::vector<Info>& root, const std::string& name) {
  std::vector<std::pair<std::string, Info>> tables;
  collect_tables(root, "", tables);
  for (const auto& [path, info] : tables) {
    std::vector<std::string> members = members_with(*info.table, name);
    if (members.empty()) continue;
    const std::string usual = default_text(info);
    const bool is_usual = std::find(members.begin(), members.end(), usual) != members.end();
    if (info.kind == Info::Kind::choice)
      return fmt::format("{} belongs in {}: {{{}: {{{}: ...}}}}", name, path, is_usual ? usual : members[0], name);
    if (members.size() > most_suggested + 1) {
      members.resize(most_suggested);
      members.emplace_back("others");
    }
    return fmt::format("{} is an option of the {} {}", name, members.size() > 1 ? info.table->plural : info.table->kind,
                       both(members));
  }
  return "";
}

std::string belongs(const std::string& name, const std::vector<std::string>& sections) {
  return fmt::format("{} belongs in {}", name, either(sections));
}

std::string did_you_mean(const std::vector<std::string>& names, const std::vector<Info>& here) {
  const std::string question = fmt::format("did you mean {}?", either(quoted(names)));
  const Info* info = find_info(here, names[0]);
  return names.size() == 1 && info ? fmt::format("{} ({})", question, summary(*info)) : question;
}

std::string list_known(const char* what, std::vector<std::string> names) {
  constexpr std::size_t most_listed = 60;
  if (names.size() > most_listed) {
    names.resize(most_listed);
    names.emplace_back("...");
  }
  std::string out = fmt::format("{} are ", what);
  for (std::size_t i = 0; i < names.size(); ++i) out += (i ? ", " : "") + names[i];
  return out;
}

/// The likeliest of near words: the first, and those as good that differ from it only by chance.
std::vector<std::string> likeliest(std::string_view word, const std::vector<std::string>& known) {
  std::vector<std::string> near = near_words(word, known);
  if (near.size() > most_suggested) near.resize(most_suggested);
  return near;
}

}  // namespace

std::vector<std::string> advise_option(const Node& key, const std::vector<Info>& here, const std::string& path,
                                       const std::vector<Info>& root) {
  const std::string& word = key.text;
  if (const std::size_t colon = word.find(':'); colon != std::string::npos && !key.quoted)
    if (const std::string name = word.substr(0, colon); find_info(here, name))
      return {fmt::format("put a space after the colon: {}: {}", name, word.substr(colon + 1))};
  for (const std::string& ours : our_words(word))
    if (find_info(here, ours)) return {did_you_mean({ours}, here)};
  const std::vector<std::string> near = likeliest(word, names_of(here));
  if (!near.empty() && near_words(word, std::vector{near[0]}).size() == 1 && near[0].size() > 2)
    if (sections_with(root, word, path).empty()) return {did_you_mean(near, here)};
  if (const auto sections = sections_with(root, word, path); !sections.empty()) return {belongs(word, sections)};
  for (const std::string& ours : our_words(word))
    if (const auto sections = sections_with(root, ours, path); !sections.empty())
      return {fmt::format("did you mean {}? it belongs in {}", quote(ours), either(sections))};
  if (std::string place = place_in_tables(root, word); !place.empty()) return {std::move(place)};
  for (const std::string& ours : our_words(word))
    if (std::string place = place_in_tables(root, ours); !place.empty())
      return {fmt::format("did you mean {}? {}", quote(ours), place)};
  if (here.empty()) return {"it has no options"};
  return {list_known(path.empty() ? "the options" : "its options", names_of(here))};
}

const Entry* entry_called(const Table& table, std::string_view word) {
  for (const Entry* entry : table.entries) {
    const std::string_view other = entry->other_words;
    for (std::size_t at = 0; at < other.size();) {
      const std::size_t end = std::min(other.find(' ', at), other.size());
      if (other.substr(at, end - at) == word) return entry;
      at = end + 1;
    }
  }
  return nullptr;
}

std::vector<std::string> advise_name(const Node& name, const Table& table) {
  if (name.folded) return {"the text runs over several lines: is the indentation right?"};
  if (const std::size_t colon = name.text.find(':'); colon != std::string::npos && !name.quoted)
    if (const std::string first = name.text.substr(0, colon); table.find(first))
      return {fmt::format("put a space after the colon: {}: {}", first, name.text.substr(colon + 1))};
  if (const Entry* entry = entry_called(table, name.text))
    return {fmt::format("did you mean '{}'? ({})", entry->name, entry->description)};
  std::vector<std::string> known = names_of(table);
  std::vector<std::string> near = likeliest(name.text, known);
  if (near.empty())  // near a word of another tool
    for (const Entry* entry : table.entries) {
      std::vector<std::string> other;
      const std::string_view words = entry->other_words;
      for (std::size_t at = 0; at < words.size();) {
        const std::size_t end = std::min(words.find(' ', at), words.size());
        other.emplace_back(words.substr(at, end - at));
        at = end + 1;
      }
      if (!near_words(name.text, other).empty() && near.size() < most_suggested) near.emplace_back(entry->name);
    }
  if (near.size() == 1)
    return {fmt::format("did you mean '{}'? ({})", near[0], table.find(near[0])->description)};
  if (!near.empty()) return {fmt::format("did you mean {}?", either(quoted(near)))};
  return {list_known(fmt::format("the {}", table.plural).c_str(), std::move(known))};
}

}  // namespace bpnet::spec
