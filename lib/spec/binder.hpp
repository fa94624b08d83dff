#pragma once
// The visitor that fills structs of options from a tree of nodes.

#include <optional>

#include "spec/findings.hpp"
#include "spec/info.hpp"
#include "spec/scalars.hpp"
#include "spec/spec.hpp"

namespace bpnet::spec {

class Binder final : public Visitor {
 public:
  Binder(Bound& bound, Findings& findings) : bound_(bound), findings_(findings) {}

  /// Fills `options` from a map (or nothing) at the top level.
  void bind_root(Options& options, const Node& tree, const Place& whole);
  /// A choice that stands alone.
  Choice bind_choice(const Node& node, const std::string& path, const Table& table, bool in_list = false);

  void flag(const Option&, bool& value) override;
  void integer(const Option&, std::int64_t& value) override;
  void number(const Option&, double& value) override;
  void text(const Option&, std::string& value) override;
  void keyword(const Option&, std::size_t& index, std::span<const char* const> words) override;
  void length(const Option&, Length& value) override;
  void texts(const Option&, std::vector<std::string>& value) override;
  void integers(const Option&, std::vector<std::int64_t>& value) override;
  void numbers(const Option&, std::vector<double>& value) override;
  void lengths(const Option&, std::vector<Length>& value) override;
  void files(const Option&, FileList& value) override;
  void mapping(const Option&, std::vector<std::pair<std::string, std::string>>& value) override;
  void weights(const Option&, std::vector<std::pair<std::string, double>>& value) override;
  void choice(const Option&, Choice& value, const Table& table) override;
  void choices(const Option&, std::vector<Choice>& value, const Table& table) override;
  void branches(const Option&, std::vector<std::vector<Choice>>& value, const Table& table) override;
  void choice_map(const Option&, ChoiceMap& value, const Table& table) override;
  void choice_or_map(const Option&, ChoiceMap& value, const Table& table) override;
  void stacks(const Option&, std::vector<Stack>& value, const Table& table) override;
  void group(const Option&, Options& value) override;
  void begin_optional(const Option&, bool& present, const char* word) override;
  void end_optional() override { word_.reset(); }

 private:
  /// The struct being visited.
  struct Frame {
    std::string path;     // "train", "model.2.dropout"
    const Node* written;  // a map, the value of the main option, or null
    bool is_main;         // `written` is the value of the main option
    const std::vector<Info>* infos;
    std::vector<std::string> seen;
    std::size_t own;  // of `seen`, once the common ones are visited: they hide those
    struct Missing {
      std::string name, summary;  // units, "whole number ≥ 1"
    };
    std::vector<Missing> missing;
  };
  /// What was written for the option being visited.
  struct Given {
    const Node* node;  // null: nothing, or it is switched off
    std::string path;
    std::string word;   // that switches it off; empty: none does
    bool off;           // the word was written
    bool optional_off;  // it is off unless written
  };

  void bind_group(const Option& option, Options& value);
  const Node* look_up(const char* name) const;
  Given take(const Option& option);
  void need(const Given& given, const Option& option, std::string summary);
  /// Reads the options of one struct; `at` is the name or section they belong to.
  void bind_options(Options& options, const Node* written, const std::string& path, const Node* at);
  /// Tells of keys that are no options; those they may stand for are not missing.
  void report_unknown(const std::vector<Info>& infos, Frame& frame);

  /// `dense: [64, 32]` in a list: an item for each.
  static Findings::Help one_each(const Node& node, const Frame& frame);
  Findings::Help meant_by_value(const Node& value) const;
  /// "<path> must be <wanted>; got ..."
  void refuse(const Given& given, const Node& node, const std::string& path, const std::string& wanted,
              Findings::Help help = {});
  /// What to write for a group instead of the value that it got.
  Findings::Help group_help(const Given& given, const std::vector<Info>& infos) const;
  template <class T>
  std::optional<T> read(const Given& given, const Node& node, const std::string& path,
                        const Reading<T>& reading, const Range& range);
  std::optional<std::string> read_text(const Given& given, const Node& node, const std::string& path,
                                       bool in_list);
  template <class T, class Read>
  void read_list(const Option& option, std::vector<T>& value, const char* of, Read read,
                 bool of_maps = false);
  template <class T, class Read>
  void read_map(const Option& option, std::vector<std::pair<std::string, T>>& value, const char* wanted,
                Read read);

  /// The name of a choice, and what stands behind it.
  struct Named {
    const Node* name;
    const Node* value;  // null: nothing
    const Entry* entry;
  };
  std::optional<Named> name_of(const Node& node, const std::string& path, const Table& table, bool in_list);
  void report_several_names(const Node& node, const std::string& path, const Table& table, bool in_list);
  /// Tells of the options written for a member under a wrong name, in the same pass.
  void check_options(const Entry& meant, const Node* options, const std::string& path, const Node& at);
  std::vector<Choice> bind_list(const Node& node, const std::string& path, const Table& table);
  void check_layer_names(const std::vector<Choice>& list, const std::string& path);

  std::vector<Info> root_;  // all settings, to say where a misplaced key belongs
  Bound& bound_;
  Findings& findings_;
  Frame* frame_ = nullptr;
  struct Word {
    std::string word;
    bool off, present;
  };
  std::optional<Word> word_;  // of the optional being visited
};

}  // namespace bpnet::spec
