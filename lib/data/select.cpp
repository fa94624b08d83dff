#include "data/select.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "data/image.hpp"
#include "data/words.hpp"
#include "spec/spec.hpp"

namespace bpnet {

namespace {

std::string join(const std::vector<std::string>& words, std::size_t most) {
  constexpr std::size_t longest = 60;
  std::string out;
  for (std::size_t i = 0; i < std::min(most, words.size()); ++i)
    out += (i ? ", " : "") + (words[i].size() > longest ? in_quotes(words[i]) : words[i]);
  return words.size() > most ? out + ", ..." : out;
}

/// A position from 1, or from -1 backwards.
std::optional<std::size_t> position(std::string_view text, std::size_t columns) {
  long n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  const auto count = static_cast<long>(columns);
  if (n >= 1 && n <= count) return static_cast<std::size_t>(n - 1);
  if (n <= -1 && n >= -count) return static_cast<std::size_t>(count + n);
  return {};
}

/// Of an item of a list, so that an error is shown at its place.
std::string item_key(const std::string& key, const std::vector<std::string>& list, std::size_t i) {
  return list.size() > 1 ? key + "." + std::to_string(i + 1) : key;
}

/// Finds columns by what settings say, and gathers what is wrong with that.
class Finder {
 public:
  /// The first `in_file` of the names are the file's, with positions.
  Finder(const std::vector<std::string>& names, std::size_t in_file, std::string no_header,
         const std::string& shown)
      : names_(names), in_file_(in_file), no_header_(std::move(no_header)), shown_(shown) {}

  /// Columns that a name, glob or position stands for; a problem if there are none.
  std::vector<std::size_t> find(const std::string& key, const std::string& text, bool globs, bool positions) {
    std::vector<std::size_t> out;
    if (const auto at = std::find(names_.begin(), names_.end(), text);
        at != names_.end() && !(globs && matches_all(text)))
      return {static_cast<std::size_t>(at - names_.begin())};
    if (positions)
      if (const auto at = position(text, in_file_)) return {*at};
    if (globs)
      for (std::size_t c = 0; c < names_.size(); ++c)
        if (matches(text, names_[c])) out.push_back(c);
    if (out.empty() && !(globs && text == "*")) missing(key, text);
    return out;
  }
  void add(std::string message, std::vector<std::string> help = {}) {
    problems_.push_back({{}, std::move(message), std::move(help)});
  }
  void finish() {
    if (!problems_.empty()) throw Error(Fault::configuration, std::move(problems_));
  }

 private:
  void missing(const std::string& key, const std::string& text) {
    std::vector<std::string> help;
    const auto near = near_words(text, names_);
    if (!near.empty())
      help.push_back("did you mean '" + near[0] + "'?");
    else
      help.push_back("its columns: " + join(names_, 20));
    if (!no_header_.empty()) help.push_back(std::exchange(no_header_, ""));  // once is enough
    add(key + ": " + shown_ + " has no column '" + text + "'", std::move(help));
  }

  const std::vector<std::string>& names_;
  std::size_t in_file_;
  std::string no_header_;  // why no row was read as names; empty: one was, or it has been told
  const std::string& shown_;
  std::vector<Problem> problems_;
};

std::string why_no_header(const CsvSettings& csv) {
  const bool said = csv.header == CsvSettings::Header::no;
  return std::string(said ? "data.csv.header is false, so its first row"
                          : "its first row has a number in it, so it") +
         " was read as data; if it holds names: data.csv.header: true";
}

bool contains(const std::vector<std::size_t>& items, std::size_t item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

void select_targets(const DataSettings& settings, Finder& finder, Roles& roles) {
  for (std::size_t i = 0; i < settings.target.size(); ++i) {
    const std::string key = item_key("data.target", settings.target, i);
    for (const std::size_t c : finder.find(key, settings.target[i], false, true)) {
      if (contains(roles.targets, c)) finder.add(key + " names '" + roles.names[c] + "' twice");
      roles.targets.push_back(c);
      roles.why_ignored[c].clear();
    }
  }
}

/// Columns that cut or weigh the rows: each has one role.
void select_cutters(const DataSettings& settings, Finder& finder, Roles& roles) {
  std::vector<std::pair<std::size_t, std::string>> taken;
  for (const std::size_t c : roles.targets) taken.emplace_back(c, "the target");
  const auto select = [&](const char* key, const std::string& text, const char* as,
                          std::optional<std::size_t>& role) {
    if (text.empty()) return;
    for (const std::size_t c : finder.find(key, text, false, true)) {
      for (const auto& [other, what] : taken)
        if (other == c) finder.add(std::string(key) + " names '" + roles.names[c] + "', which is " + what);
      taken.emplace_back(c, as);
      role = c;
    }
  };
  select("data.split.column", settings.split.column, "the split column", roles.split);
  const bool series = settings.windows;
  select(series ? "data.series.by" : "data.split.group", settings.split.group, "the group column",
         roles.group);
  select(series ? "data.series.time" : "data.split.order", settings.split.order, "the order column",
         roles.order);
  select("data.weight", settings.weight, "the weight", roles.weight);
}

void select_declared(const DataSettings& settings, Finder& finder, Roles& roles) {
  // A name says more than a glob; of several globs the first is taken. One that all columns match would
  // declare nothing that is not so, or wrongly: it only brings options.
  for (const bool exact : {true, false})
    for (const auto& [name, choice] : settings.columns) {
      const bool named = std::find(roles.names.begin(), roles.names.end(), name) != roles.names.end();
      if (named != exact) continue;
      if (!named && matches_all(name)) {
        if (const auto image = choice.as<Image>(); image && !image->from.empty())
          finder.add("data.columns: a picture that is made of columns needs a name");
        roles.general.push_back(&choice);
        continue;
      }
      for (const std::size_t c : finder.find("data.columns." + in_yaml(name), name, true, false))
        if (!roles.declared[c]) roles.declared[c] = &choice;
    }
}

/// Columns that are made of others: pictures of pixels.
void select_pixels(const DataSettings& settings, Finder& finder, Roles& roles) {
  for (const auto& [name, choice] : settings.columns) {
    const auto image = choice.as<Image>();
    if (!image || image->from.empty() || matches_all(name)) continue;
    const std::string key = "data.columns." + in_yaml(name);
    const auto at = std::find(roles.names.begin(), roles.names.end(), name);
    const auto made = static_cast<std::size_t>(at - roles.names.begin());
    if (made < roles.in_file) {
      finder.add(key + ": the file has a column of that name; call the picture that is made otherwise");
      continue;
    }
    std::vector<std::size_t>& pixels = roles.pixels[made];
    for (std::size_t i = 0; i < image->from.size(); ++i)
      for (const std::size_t c :
           finder.find(item_key(key + ".from", image->from, i), image->from[i], true, true)) {
        if (c >= roles.in_file) continue;
        const char* role = roles.is_target(c)       ? "the target"
                           : roles.pixel_of[c] >= 0 ? "a pixel already"
                           : roles.split == c || roles.weight == c || roles.group == c || roles.order == c
                               ? "needed to cut or weigh the rows"
                               : nullptr;
        if (role) finder.add(key + ".from: '" + roles.names[c] + "' is " + role);
        roles.pixel_of[c] = static_cast<int>(made);
        pixels.push_back(c);
      }
    const Shape shape = image->pixel_shape();
    if (pixels.size() != shape.elements())
      finder.add(key + ": from names " + count_of(static_cast<std::int64_t>(pixels.size()), "column") +
                 ", and shape is for " + std::to_string(shape.elements()) + " (" + shape.text() + ")");
  }
}

/// Columns of pictures that nobody reads are no pixels.
void release_pixels(Roles& roles) {
  for (std::size_t c = 0; c < roles.in_file; ++c) {
    const int made = roles.pixel_of[c];
    if (made < 0 || roles.is_feature(static_cast<std::size_t>(made))) continue;
    roles.pixel_of[c] = -1;
    roles.why_ignored[c] =
        "a pixel of '" + roles.names[static_cast<std::size_t>(made)] + "', which is not read";
  }
}

void select_features(const DataSettings& settings, Finder& finder, Roles& roles) {
  const auto what_else = [&](std::size_t c) {
    return roles.is_target(c)       ? "the target"
           : roles.split == c       ? "the split column"
           : roles.weight == c      ? "the weight"
           : roles.group == c       ? "the group column"
           : roles.pixel_of[c] >= 0 ? "a pixel of a picture"
                                    : nullptr;
  };
  std::vector<char> wanted(roles.names.size(), 0), unwanted(roles.names.size(), 0);
  const auto by_name = [](const std::vector<std::size_t>& found, const std::string& text) {
    return found.size() == 1 && text.find_first_of("*?") == std::string::npos;
  };
  for (std::size_t i = 0; i < settings.features.size(); ++i) {
    const std::string key = item_key("data.features", settings.features, i);
    const auto found = finder.find(key, settings.features[i], true, true);
    for (const std::size_t c : found) {
      wanted[c] = 1;
      if (by_name(found, settings.features[i]) && what_else(c))
        finder.add(key + " names '" + roles.names[c] + "', which is " + what_else(c));
    }
  }
  for (std::size_t i = 0; i < settings.ignore.size(); ++i) {
    const std::string key = item_key("data.ignore", settings.ignore, i);
    const auto found = finder.find(key, settings.ignore[i], true, true);
    for (const std::size_t c : found) {
      unwanted[c] = 1;
      if (by_name(found, settings.ignore[i]) && roles.is_target(c))
        finder.add(key + " names '" + roles.names[c] + "', which is the target");
    }
  }
  for (std::size_t c = 0; c < roles.names.size(); ++c) {
    if (what_else(c)) continue;
    if (unwanted[c])
      roles.why_ignored[c] = "listed in data.ignore";
    else if (wanted[c])
      roles.features.push_back(c);
    else
      roles.why_ignored[c] = "not listed in data.features";
  }
}

}  // namespace

bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches_all(std::string_view pattern) {
  return !pattern.empty() && pattern.find_first_not_of('*') == std::string_view::npos;
}

bool Roles::is_feature(std::size_t column) const { return contains(features, column); }

bool Roles::is_target(std::size_t column) const { return contains(targets, column); }

bool tells_itself(const DataSettings& settings) { return settings.windows && settings.series.horizon > 0; }

void check_told(const DataSettings& settings, const std::string& target,
                const std::vector<std::string>& names, bool header, const std::string& shown) {
  Finder finder(names, names.size(), header ? "" : why_no_header(settings.csv), shown);
  finder.find("data.target", target, false, false);
  finder.finish();
}

Roles select_columns(const DataSettings& settings, const std::vector<std::string>& names, bool header,
                     const std::string& shown) {
  Roles roles;
  roles.names = names;
  roles.in_file = names.size();
  for (const auto& [name, choice] : settings.columns)
    if (const auto image = choice.as<Image>(); image && !image->from.empty() && !matches_all(name) &&
                                               std::find(names.begin(), names.end(), name) == names.end())
      roles.names.push_back(name);
  roles.declared.resize(roles.names.size());
  roles.why_ignored.resize(roles.names.size());
  roles.pixels.resize(roles.names.size());
  roles.pixel_of.resize(roles.names.size(), -1);
  Finder finder(roles.names, roles.in_file, header ? "" : why_no_header(settings.csv), shown);
  select_targets(settings, finder, roles);
  select_cutters(settings, finder, roles);
  select_declared(settings, finder, roles);
  select_pixels(settings, finder, roles);
  select_features(settings, finder, roles);
  finder.finish();
  release_pixels(roles);
  if (roles.features.empty() && !tells_itself(settings))
    throw Error(Fault::configuration, "data.features leaves no column of " + shown + " to learn from");
  return roles;
}

std::vector<std::vector<std::size_t>> group_columns(const DataRequest& request, Roles& roles) {
  std::vector<Problem> problems;
  std::vector<std::vector<std::size_t>> groups(request.groups.size());
  std::vector<char> taken(roles.names.size(), 0);
  std::vector<std::string> names;
  for (const std::size_t c : roles.features) names.push_back(roles.names[c]);
  const auto takes_rest = [](const InputGroup& group) {
    return group.columns == std::vector<std::string>{"*"};
  };
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (takes_rest(request.groups[g])) continue;
    for (const std::string& text : request.groups[g].columns) {
      bool found = false;
      const bool named = std::find(names.begin(), names.end(), text) != names.end();
      for (const std::size_t c : roles.features)
        if (named ? roles.names[c] == text : matches(text, roles.names[c])) {
          found = true;
          taken[c] = 1;
          if (!contains(groups[g], c)) groups[g].push_back(c);
        }
      if (found) continue;
      const auto near = near_words(text, names);
      problems.push_back(
          {{},
           "model." + request.groups[g].stack + ": no feature is called '" + text + "'",
           {near.empty() ? "features: " + join(names, 20) : "did you mean '" + near[0] + "'?"}});
    }
    std::sort(groups[g].begin(), groups[g].end());
  }
  bool rest_taken = false;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (!takes_rest(request.groups[g])) continue;
    rest_taken = true;
    for (const std::size_t c : roles.features)
      if (!taken[c]) groups[g].push_back(c);
    if (groups[g].empty() && !roles.features.empty())
      problems.push_back(
          {{}, "model." + request.groups[g].stack + ": the other inputs leave it no feature", {}});
  }
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
  if (rest_taken) return groups;
  std::vector<std::size_t> used;
  for (const std::size_t c : roles.features) {
    if (taken[c])
      used.push_back(c);
    else
      roles.why_ignored[c] = "no input of the model reads it";
  }
  roles.features = std::move(used);
  release_pixels(roles);
  return groups;
}

}  // namespace bpnet
