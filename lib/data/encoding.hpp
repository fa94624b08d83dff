#pragma once
// What was learnt from the training rows, in full.

#include <variant>

#include "data/category.hpp"
#include "data/dataset.hpp"
#include "data/date.hpp"
#include "data/image.hpp"
#include "data/number.hpp"
#include "data/sequence.hpp"
#include "data/series.hpp"
#include "data/text.hpp"

namespace bpnet {

struct FeatureColumn {
  std::string name;
  std::variant<NumberCode, LabelCode, DateCode, ImageCode, TextFeature, SequenceCode> code;
  const NumberCode* number() const { return std::get_if<NumberCode>(&code); }
  const LabelCode* labels() const { return std::get_if<LabelCode>(&code); }
  const DateCode* date() const { return std::get_if<DateCode>(&code); }
  const ImageCode* image() const { return std::get_if<ImageCode>(&code); }
  bool text() const { return std::holds_alternative<TextFeature>(code); }
  const SequenceCode* sequence() const { return std::get_if<SequenceCode>(&code); }
  int width() const;  // columns of a table of numbers
  bool indicator() const;
  bool refuse_missing() const;
  bool drop_missing() const;
};

struct TargetColumn {
  std::string name;
  bool classes = false;
  Labels labels;                              // of classes
  std::vector<double> weights;                // of classes: of their training rows; empty: rows have none
  Replacements replace;                       // of classes
  TargetScale scale;                          // of a number
  double least = 0, mean = 0, deviation = 1;  // of a number, over the training rows
  std::vector<SeasonalError> seasonal;        // of a number in a series
  bool refuse_missing = false;
};

/// A stack of the model and the features it reads, by their numbers, in the order of the file.
struct GroupColumns {
  std::string stack;
  std::vector<std::size_t> features;
  bool codes = false, told = false, tags = false;  // as in InputGroup
  std::shared_ptr<const TextCode> text = {};       // its features are texts
};

/// A column of integers that rows keep: an indicator (0 where missing, else -1), a one-hot position (-1:
/// none), or the code of an embedding.
struct CodeColumn {
  enum class Kind : std::uint8_t { indicator, one_hot, embedded } kind;
  std::size_t feature = 0;
  int width = 1;   // real inputs
  int offset = 0;  // of embedded ones: the code of its unseen labels
};

/// How a port is filled: numbers of features side by side, then what its code columns [first, first + count)
/// say.
struct PortPlan {
  struct Number {
    std::size_t feature;
    int column;  // of the feature's
  };
  std::vector<Number> numbers;
  int first_code = 0, codes = 0;
  int image = -1;         // a feature of pictures, and nothing else
  int time = 0;           // a time axis: texts or a sequence, and nothing else
  std::size_t group = 0;  // of a port with a time axis: the group that reads it
};

/// The numbers of a step of a window: those of the features, of the targets (none with horizon 0), and of
/// features that are known ahead.
struct StepPlan {
  int features = 0, width = 0;
  std::vector<int> past;   // of each target: its first number
  std::vector<int> known;  // which of the features' numbers are known ahead
};

class TableEncoding final : public Encoding {
 public:
  std::vector<FeatureColumn> features;  // in the order of the file
  std::vector<TargetColumn> target_columns;
  std::vector<GroupColumns> groups;
  std::string weight;  // the column; "": none
  CsvSettings csv;
  /// Of a training file without a header: names of all its columns. Then others may lack the targets'
  /// columns, or those and the weights'.
  std::vector<std::string> positions;
  std::optional<SeriesCode> windows;  // rows are steps of them
  bool lines = false;                 // texts came line by line, of files with a column each

  /// To be called when the public members are set.
  void lay_out();
  std::span<const PortPlan> port_plans() const { return plans_; }
  std::span<const CodeColumn> code_columns() const { return codes_; }
  const StepPlan& step_plan() const { return steps_; }

  std::span<const InputPort> inputs() const override { return inputs_; }
  std::span<const TargetKind> targets() const override { return kinds_; }
  std::span<const TargetScale> scales() const override { return scales_; }
  const SeriesCode* series() const override { return windows ? &*windows : nullptr; }
  nlohmann::json to_json() const override;

 private:
  void lay_out_numbers(const GroupColumns& group);
  void lay_out_embeddings(const GroupColumns& group);
  void lay_out_images(const GroupColumns& group);
  void lay_out_steps(std::size_t group);
  void lay_out_codes(const GroupColumns& group);
  void lay_out_windows();
  std::vector<InputPort> inputs_;
  std::vector<PortPlan> plans_;
  std::vector<CodeColumn> codes_;
  std::vector<TargetKind> kinds_;
  std::vector<TargetScale> scales_;
  StepPlan steps_;
};

}  // namespace bpnet
