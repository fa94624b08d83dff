#include "spec/binder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spec/advice.hpp"
#include "spec/scalars.hpp"
#include "spec/words.hpp"
#include "spec/yaml_text.hpp"

namespace bpnet::spec {

void Binder::bind_root(Options& options, const Node& tree, const Place& whole) {
  if (tree.kind == Node::Kind::scalar || tree.kind == Node::Kind::list)
    return findings_.value(tree, "a configuration begins with 'name: value'; got " + got(tree),
                           {tree.kind == Node::Kind::list ? "is 'model:' missing above the list?"
                                                          : "is a ':' or the space behind it missing?"});
  if (tree.kind != Node::Kind::map) return findings_.whole(whole, "there are no settings in it");
  bound_.places[""] = whole;
  root_ = collect(options);
  bind_options(options, &tree, "", nullptr);
}

void Binder::bind_options(Options& options, const Node* written, const std::string& path, const Node* at) {
  if (written && (written->kind == Node::Kind::empty || written->kind == Node::Kind::off)) written = nullptr;
  const std::vector<Info> infos = collect(options);  // with the defaults, before they are written over
  Frame frame{path, written, written && is_main_value(*written, infos), &infos, {}, 0, {}};
  Frame* const outer = std::exchange(frame_, &frame);
  options.visit(*this);
  if (frame.is_main && frame.seen.empty()) {
    findings_.value(*written, fmt::format("{} takes no value; got {}", path, got(*written)),
                    {"write only the name"});
    frame.seen.emplace_back();
  }
  frame.own = frame.seen.size();
  options.visit_common(*this);
  frame_ = outer;
  if (written && !frame.is_main) report_unknown(infos, frame);
  for (const auto& [name, summary] : frame.missing) {
    const std::string message =
        fmt::format("{} needs {} ({})", path.empty() ? "a configuration" : path, name, summary);
    if (at)
      findings_.name(*at, message);
    else
      findings_.whole(bound_.place_of(path), message);
  }
}

void Binder::report_unknown(const std::vector<Info>& infos, Frame& frame) {
  for (const Field& field : frame.written->fields) {
    if (findings_.full()) return;
    const Node& key = field.key;
    if (std::find(frame.seen.begin(), frame.seen.end(), key.text) != frame.seen.end()) continue;
    const std::string where = frame.path.empty()
                                  ? "there is no option " + quote(key.text) + " at the top level"
                                  : frame.path + " has no option " + quote(key.text);
    Advice advice = advise_option(key, infos, frame.path, root_);
    findings_.name(key, where, std::move(advice.help));
    std::erase_if(frame.missing, [&](const Frame::Missing& m) {
      return std::find(advice.meant.begin(), advice.meant.end(), m.name) != advice.meant.end();
    });
  }
}

const Node* Binder::look_up(const char* name) const {
  if (!frame_->written) return nullptr;
  if (frame_->is_main) return frame_->seen.empty() ? frame_->written : nullptr;
  const auto own_end = frame_->seen.begin() + static_cast<std::ptrdiff_t>(frame_->own);
  return std::find(frame_->seen.begin(), own_end, name) == own_end ? frame_->written->find(name) : nullptr;
}

Binder::Given Binder::take(const Option& option) {
  Given given{look_up(option.name), join(frame_->path, option.name), "", false, false};
  frame_->seen.emplace_back(option.name);
  if (word_) {
    given.word = word_->word;
    given.off = word_->off;
    given.optional_off = !word_->present;
    word_.reset();
  }
  if (!given.node) return given;
  bound_.places[given.path] = given.node->place();
  if (given.off) given.node = nullptr;
  if (given.node && (given.node->kind == Node::Kind::empty || given.node->kind == Node::Kind::off)) {
    findings_.value(*given.node, given.path + " has no value", {"give it one, or take the line away"});
    given.node = nullptr;
    given.optional_off = true;
  }
  return given;
}

void Binder::need(const Given& given, const Option& option, std::string summary) {
  if (!given.node && !given.off && !given.optional_off)
    frame_->missing.push_back({option.name, std::move(summary)});
}

void Binder::begin_optional(const Option& option, bool& present, const char* word) {
  const Node* node = look_up(option.name);
  if (node) present = node->kind != Node::Kind::off && !node->is_word(word);
  word_ = Word{word, node && !present, present};
}

Findings::Help Binder::one_each(const Node& node, const Frame& frame) {
  if (!frame.is_main || frame.written != &node || node.items.empty()) return {};
  const std::size_t name = frame.path.rfind('.');
  const std::size_t before = name == std::string::npos ? name : frame.path.rfind('.', name - 1);
  if (before == std::string::npos || frame.path.find_first_not_of("0123456789", before + 1) != name)
    return {};
  std::string items;
  for (const Node& item : node.items) {
    if (item.kind != Node::Kind::scalar || &item - node.items.data() > 2) return {};
    items += fmt::format("{}- {}: {}", items.empty() ? "" : ", ", frame.path.substr(name + 1), item.text);
  }
  return {"write an item for each: " + items};
}

/// Help for a value behind a name that its main option cannot take.
Findings::Help Binder::meant_by_value(const Node& value) const {
  if (value.kind != Node::Kind::scalar) return {};
  const std::vector<Info>& infos = *frame_->infos;
  const std::string name = frame_->path.substr(frame_->path.rfind('.') + 1);
  if (const Info* other = find_info(infos, value.text); other && !other->common)
    return {fmt::format("write {}: {{{}: {}}}", name, value.text,
                        other->kind == Info::Kind::flag ? "true" : "...")};
  if (infos[0].name == "epsilon" || infos[0].name == "momentum")  // a width was meant
    return {fmt::format("write {} alone: it sees how wide its input is", name)};
  return {};
}

void Binder::refuse(const Given& given, const Node& node, const std::string& path, const std::string& wanted,
                    Findings::Help help) {
  if (node.kind == Node::Kind::scalar)
    if (std::string answer = answer_to(path, node.text); !answer.empty()) help = {std::move(answer)};
  if (node.kind == Node::Kind::scalar && node.quoted && !given.word.empty() && node.text == given.word)
    help = {"without quotes: " + given.word};
  if (node.kind == Node::Kind::list && help.empty()) help = one_each(node, *frame_);
  if (help.empty() && node.kind == Node::Kind::scalar && !node.quoted)
    for (const char* meant : {"none", "null", "Null", "NULL", "~", "off", "no", "false", "auto"})
      if (node.text == meant)
        help = {given.word.empty() ? "leave the option out for its default" : "say " + given.word};
  if (help.empty() && frame_->is_main) help = meant_by_value(node);
  const std::string or_word = given.word.empty() ? "" : ", or " + given.word;
  findings_.value(node, fmt::format("{} must be {}{}; got {}", path, wanted, or_word, got(node)),
                  std::move(help));
}

namespace {
/// What stands for a whole section, as a value of its first option; empty if it cannot be one.
std::string said_of(const Info& first, const Node& node) {
  if (node.kind != Node::Kind::scalar) return "";
  switch (first.kind) {
    case Info::Kind::length: {
      const auto said = read_length(node, Length::Unit::epochs, true);  // 3 stands for 3 epochs
      const auto* length = std::get_if<Length>(&said);
      return length ? show(*length) : "";
    }
    case Info::Kind::integer: {
      const auto said = read_integer(node);
      const auto* number = std::get_if<std::int64_t>(&said);
      return number && first.range.holds(static_cast<double>(*number)) ? node.text : "";
    }
    case Info::Kind::files:
    case Info::Kind::texts:
    case Info::Kind::text:
      return flow_text(node);
    default:
      return "";
  }
}
}  // namespace

Findings::Help Binder::group_help(const Given& given, const std::vector<Info>& infos) const {
  const Node& node = *given.node;
  if (infos.empty()) return {};
  const bool off = node.kind == Node::Kind::scalar &&
                   (node.text == "none" || node.text == "false" || node.text == "off" || node.text == "no");
  if (off && !given.word.empty()) return {"say " + given.word};
  std::vector<std::pair<std::string, std::string>> options;
  for (const Info& info : infos)  // split: none
    if (off && info.off_word == "none" && !info.off()) options.emplace_back(info.name, "none");
  if (options.empty()) {
    const Info& first = infos[0];
    const std::string said = off ? "" : said_of(first, node);
    options.emplace_back(first.name, !said.empty() ? said : first.required() ? "..." : default_text(first));
  }
  if (node.source && node.source->order() > 0) {  // one of --set
    std::string help = "say";
    for (const auto& [name, value] : options)
      help += fmt::format(" --set {}={}", join(given.path, name),
                          value.find(' ') == std::string::npos ? value : "'" + value + "'");
    return {std::move(help)};
  }
  std::string inside;
  for (const auto& [name, value] : options)
    inside += fmt::format("{}{}: {}", inside.empty() ? "" : ", ", name, value);
  return {fmt::format("write {}: {{{}}}", given.path.substr(given.path.rfind('.') + 1), inside)};
}

void Binder::group(const Option& option, Options& value) {
  const std::size_t before = findings_.count();
  bind_group(option, value);
  if (findings_.count() != before || findings_.full()) bound_.refused.insert(join(frame_->path, option.name));
}

void Binder::bind_group(const Option& option, Options& value) {
  const Node* written = look_up(option.name);
  if (written && (written->kind == Node::Kind::empty || (written->kind == Node::Kind::map && !word_))) {
    const std::string path = join(frame_->path, option.name);
    frame_->seen.emplace_back(option.name);
    bound_.places[path] = written->place();
    return bind_options(value, written, path, nullptr);
  }
  const Given given = take(option);
  if (given.off) return;
  if (!given.node || given.node->kind == Node::Kind::map ||
      (value.takes_value() && given.node->kind == Node::Kind::scalar)) {
    if (given.node || !given.optional_off) bind_options(value, given.node, given.path, nullptr);
    return;
  }
  const std::vector<Info> infos = collect(value);
  Findings::Help help = group_help(given, infos);
  const std::string& text = given.node->text;
  if (const std::size_t colon = text.find(':');
      colon != std::string::npos && find_info(infos, text.substr(0, colon)))
    help = {
        fmt::format("put a space after the colon: {}: {}", text.substr(0, colon), text.substr(colon + 1))};
  refuse(given, *given.node, given.path, "options by name", std::move(help));
}

}  // namespace bpnet::spec
