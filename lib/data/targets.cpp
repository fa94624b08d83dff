#include "data/targets.hpp"

#include <algorithm>
#include <cmath>

#include "data/csv_number.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {

using As = ColumnUse::As;

/// Values of the training files' cells.
ValueSet values_of(const RawTable& raw, const ReadColumn& column, const std::vector<bool>& training,
                   NumberMarks marks) {
  ValueSet values;
  for (std::size_t s = 0; s < training.size(); ++s) {
    if (!training[s]) continue;
    const auto first = static_cast<std::size_t>(raw.first_rows[s]),
               end = static_cast<std::size_t>(raw.first_rows[s + 1]);
    if (column.kind == ReadColumn::Kind::exact) {
      const auto& exact = raw.exacts[static_cast<std::size_t>(column.slot)];
      for (std::size_t r = first; r < end && !values.surely_number(); ++r)
        if (!std::isnan(exact[r])) values.add(exact[r]);
      continue;
    }
    const LabelColumn& labels = raw.labels[static_cast<std::size_t>(column.slot)];
    std::vector<char> seen(labels.texts.size(), 0);
    for (std::size_t r = first; r < end; ++r) {
      const std::int32_t code = labels.codes[r];
      if (code < 0 || seen[static_cast<std::size_t>(code)]++) continue;
      if (const auto value = parse_number(labels.texts[static_cast<std::size_t>(code)], marks))
        values.add(*value);
    }
  }
  return values;
}

const DataRequest::Hint* hint_for(std::span<const DataRequest::Hint> hints, const std::string& name) {
  for (const DataRequest::Hint& hint : hints)
    if (hint.target.empty() || hint.target == name) return &hint;
  return nullptr;
}

}  // namespace

void ValueSet::add(double value) {
  fractions_ = fractions_ || value != std::floor(value);
  if (values_.size() <= most_classes) values_.insert(value);
}

ColumnUse use_of_target(const Facts& facts, const Choice* declared, const std::string& name,
                        const RawTable& raw, const ReadColumn& column, const std::vector<bool>& training,
                        NumberMarks marks, std::span<const DataRequest::Hint> hints,
                        std::vector<Problem>& problems, std::vector<UnclearTarget>& unclear) {
  ColumnUse use = use_of_feature(facts, declared);
  use.exact = true;
  if (use.as == As::none) {
    problems.push_back({{}, "data.target: no row has a value in column '" + name + "'", {}});
    return use;
  }
  if (use.as == As::date && declared)
    problems.push_back({{},
                        "data.columns." + in_yaml(name) + ": the target cannot be a date",
                        {"a column with the days since some day can be a number"}});
  if (use.as == As::category || use.as == As::date) {
    use.as = As::classes;
    return use;
  }
  if (declared) return use;
  const ValueSet values = values_of(raw, column, training, marks);
  if (values.size() == 2) {
    use.as = As::classes;
    use.why = "two different values";
  } else if (values.surely_number()) {
    use.why = values.size() > ValueSet::most_classes ? "numbers, more than 50 different ones"
                                                     : "numbers, not all whole";
  } else if (const DataRequest::Hint* hint = hint_for(hints, name)) {
    use.as = hint->classes ? As::classes : As::number;
    use.why = "by its loss";
  } else if (values.size() > 2) {
    unclear.push_back({name, values.size()});
  }
  return use;
}

Problem which_it_is(std::span<const UnclearTarget> unclear) {
  constexpr std::size_t most_named = 6;
  const auto least_and_most =
      std::minmax_element(unclear.begin(), unclear.end(),
                          [](const UnclearTarget& a, const UnclearTarget& b) { return a.values < b.values; });
  const std::string least = std::to_string(least_and_most.first->values),
                    most = std::to_string(least_and_most.second->values);
  std::string names, classes, numbers;
  for (std::size_t i = 0; i < std::min(unclear.size(), most_named); ++i) {
    const std::string between = i > 0 ? ", " : "", key = in_yaml(unclear[i].name);
    names += between + "'" + unclear[i].name + "'";
    classes += between + key + ": category";
    numbers += between + key + ": number";
  }
  if (unclear.size() > most_named) {
    names += " and " + std::to_string(unclear.size() - most_named) + " more";
    classes += ", ...";
    numbers += ", ...";
  }
  const bool one = unclear.size() == 1;
  return {{},
          "data.target: " + names + (one ? " has " : " have ") + least +
              (least == most ? "" : " to " + most) +
              " different values, all whole numbers: they may be classes or " +
              (one ? "a number" : "numbers") + ". Say which, under data:",
          {"columns: {" + classes + "}", "columns: {" + numbers + "}"}};
}

}  // namespace bpnet
