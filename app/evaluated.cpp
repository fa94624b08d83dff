#include "evaluated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "console.hpp"
#include "report/assessment_json.hpp"
#include "text_table.hpp"

namespace bpnet::app {

namespace {

constexpr std::size_t line_width = 80;
constexpr std::size_t shown_classes = 20, shown_of_many = 10;
using Align = TextTable::Align;

// About five digits, "-" where there is no number.
std::string number(double x) {
  if (!std::isfinite(x)) return "-";
  const double size = std::abs(x);
  if (size >= 1e7 || (size < 1e-4 && size > 0)) return fmt::format("{:.2g}", x);
  const int before = size < 10 ? 1 : static_cast<int>(std::log10(size)) + 1;
  return fmt::format("{:.{}f}", x, std::max(0, 5 - before));
}

// Rows are whole unless they have weights.
std::string count(double x) {
  return x == std::floor(x) ? thousands(static_cast<std::int64_t>(x)) : number(x);
}

std::string share(double part, double of) { return of > 0 ? fmt::format("{:.3f}", part / of) : "-"; }

std::string class_name(const TargetKind& target, int i) {
  return shown_in_part(target.labels[static_cast<std::size_t>(i)], 24);
}

std::string guess_name(const Assessment& a) {
  const auto classes = std::count_if(a.targets.begin(), a.targets.end(),
                                     [](const TargetAssessment& t) { return t.target.classes; });
  if (classes == 0) return "mean";
  return classes == static_cast<std::ptrdiff_t>(a.targets.size()) ? "majority" : "guess";
}

/// A column of the table of scores; one in which nothing is told is left out.
struct ScoreColumn {
  std::string head;
  Align align;
  std::vector<std::string> cells;
  bool tells() const {
    return std::any_of(cells.begin(), cells.end(),
                       [](const std::string& c) { return !c.empty() && c != "-"; });
  }
};

std::string scores(const Evaluated& e) {
  const Assessment& a = e.assessment;
  const std::string guess = guess_name(a);
  const bool naive = a.season > 0;
  enum : std::uint8_t { name, network, interval, linear, guessed, before };
  ScoreColumn columns[] = {{"", Align::left, {"loss"}},
                           {"network", Align::right, {number(a.loss)}},
                           {"95 % interval", Align::left, {""}},
                           {"linear", Align::right, {a.linear ? number(a.linear->loss) : "-"}},
                           {guess, Align::right, {"-"}},
                           {"naive", Align::right, {"-"}}};
  for (std::size_t m = 0; m < a.metrics.size(); ++m) {
    columns[name].cells.push_back(shown(a.metrics[m], 40));
    columns[network].cells.push_back(number(a.values[m]));
    columns[interval].cells.emplace_back();
    for (const TargetAssessment& t : a.targets)
      if (t.main == m && t.interval)
        columns[interval].cells.back() = number(t.interval->first) + " to " + number(t.interval->second);
    columns[linear].cells.push_back(a.linear ? number(a.linear->values[m]) : "-");
    columns[guessed].cells.push_back(number(a.guess[m]));
    columns[before].cells.push_back(naive ? number(a.naive[m]) : "-");
  }
  std::vector<ScoreColumn> told;
  std::vector<Align> aligned;
  for (ScoreColumn& column : columns) {
    if (!column.tells()) continue;
    aligned.push_back(column.align);
    told.push_back(std::move(column));
  }
  TextTable table(aligned);
  const auto add_row = [&](auto cell) {
    std::vector<std::string> row;
    row.reserve(told.size());
    for (const ScoreColumn& column : told) row.push_back(cell(column));
    table.add(std::move(row));
  };
  add_row([](const ScoreColumn& column) { return column.head; });
  for (std::size_t r = 0; r < told[0].cells.size(); ++r)
    add_row([r](const ScoreColumn& column) { return column.cells[r]; });
  std::string out = table.text() + "\n";
  if (!a.linear)
    out += "linear: none, as " + e.no_linear + "\n";
  else
    out += fmt::format("linear: the same inputs without a hidden layer, fitted to {}{} training rows\n",
                       e.linear_rows < e.training_rows ? thousands(e.linear_rows) + " of " : "",
                       thousands(e.training_rows));
  if (a.sources > 0 && a.sources < a.rows)
    out += fmt::format(
        "texts: {} different ones are read in {} rows; what any row of a text tells is right for it\n",
        thousands(a.sources), thousands(a.rows));
  if (std::none_of(a.guess.begin(), a.guess.end(), [](double x) { return std::isfinite(x); })) return out;
  const bool spread = std::any_of(a.targets.begin(), a.targets.end(), [](const TargetAssessment& t) {
    return !t.target.classes && t.target.answers.size() > 1;
  });
  const char* what = guess == "mean" && spread                ? "mean and deviation"
                     : guess == "mean"                        ? "mean"
                     : guess != "majority"                    ? "mean or class shares"
                     : !a.of_steps                            ? "class shares"
                     : a.targets[0].target.characters.empty() ? "shares of labels"
                                                              : "shares of tokens";
  out += fmt::format("{}: the {} of the training rows{}, for every {}\n", guess, what,
                     spread ? ", as of a normal distribution" : "", a.of_steps ? "step" : "row");
  if (naive)
    out += a.season == 1
               ? "naive: everything stays as it is in the window's last row\n"
               : fmt::format("naive: everything is as it was a season of {} steps before\n", a.season);
  return out;
}

std::vector<std::string> class_heads() { return {"rows", "recall", "precision", "f1"}; }
std::vector<std::string> class_cells(const ClassCount& c) {
  return {count(c.actual), share(c.correct, c.actual), share(c.correct, c.predicted),
          share(2 * c.correct, c.actual + c.predicted)};
}

TextTable matrix(const TargetKind& target, const Confusion& confusion, bool with_classes) {
  const auto classes = static_cast<std::size_t>(confusion.classes());
  TextTable table(std::vector<Align>(1 + classes + (with_classes ? 4 : 0), Align::right));
  std::vector<std::string> row = {""};
  const auto append = [&](const std::vector<std::string>& cells) {
    if (with_classes) row.insert(row.end(), cells.begin(), cells.end());
    table.add(std::move(row));
  };
  for (int j = 0; j < confusion.classes(); ++j) row.push_back(class_name(target, j));
  append(class_heads());
  for (int i = 0; i < confusion.classes(); ++i) {
    row = {class_name(target, i)};
    for (int j = 0; j < confusion.classes(); ++j)
      row.push_back(confusion.at(i, j) > 0 ? count(confusion.at(i, j)) : ".");
    append(class_cells(confusion.count(i)));
  }
  return table;
}

// What does not fit as a matrix: which classes are most often taken for which.
std::string confused_pairs(const TargetKind& target, const Confusion& confusion) {
  std::vector<std::pair<int, int>> pairs;
  for (int i = 0; i < confusion.classes(); ++i)
    for (int j = 0; j < confusion.classes(); ++j)
      if (i != j && confusion.at(i, j) > 0) pairs.emplace_back(i, j);
  if (pairs.empty()) return "";
  std::stable_sort(pairs.begin(), pairs.end(), [&](const auto& a, const auto& b) {
    return confusion.at(a.first, a.second) > confusion.at(b.first, b.second);
  });
  TextTable table({Align::right, Align::left, Align::left});
  table.add({"rows", "true class", "taken for"});
  for (std::size_t p = 0; p < std::min(shown_of_many, pairs.size()); ++p)
    table.add({count(confusion.at(pairs[p].first, pairs[p].second)), class_name(target, pairs[p].first),
               class_name(target, pairs[p].second)});
  return fmt::format("\nmost frequent confusions of {} (all of them: --json)\n{}", shown(target.name),
                     table.text());
}

std::string class_table(const TargetKind& target, const Confusion& confusion) {
  std::vector<int> order(static_cast<std::size_t>(confusion.classes()));
  std::iota(order.begin(), order.end(), 0);
  std::string head = fmt::format("\nclasses of {}", shown(target.name));
  if (order.size() > shown_classes) {
    std::vector<double> f1;
    for (const int i : order) f1.push_back(confusion.count(i).f1());
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      return f1[static_cast<std::size_t>(a)] < f1[static_cast<std::size_t>(b)];
    });
    head += fmt::format(": of {} the {} with the lowest f1", order.size(), shown_of_many);
    order.resize(shown_of_many);
  }
  TextTable table({Align::right, Align::right, Align::right, Align::right, Align::right});
  std::vector<std::string> row = class_heads();
  row.insert(row.begin(), "");
  table.add(std::move(row));
  for (const int i : order) {
    row = class_cells(confusion.count(i));
    row.insert(row.begin(), class_name(target, i));
    table.add(std::move(row));
  }
  return head + "\n" + table.text();
}

std::string confusions(const TargetKind& target, const Confusion& confusion) {
  const std::string head = fmt::format("\nconfusion of {}: rows are true classes, columns predicted ones\n",
                                       shown(target.name, 20));
  if (static_cast<std::size_t>(confusion.classes()) * 3 > line_width)
    return confused_pairs(target, confusion) + class_table(target, confusion);
  if (const TextTable all = matrix(target, confusion, true); all.width() <= line_width)
    return head + all.text();
  const TextTable alone = matrix(target, confusion, false);
  return (alone.width() <= line_width ? head + alone.text() : confused_pairs(target, confusion)) +
         class_table(target, confusion);
}

std::string calibration(const TargetKind& target, const Calibration& calibration) {
  TextTable table({Align::left, Align::right, Align::right, Align::right});
  table.add({"probability", "rows", "mean", "share right"});
  const auto bins = calibration.bins();
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (bins[i].rows <= 0) continue;
    const auto of = static_cast<double>(bins.size());
    table.add({fmt::format("{:.1f} to {:.1f}", static_cast<double>(i) / of, static_cast<double>(i + 1) / of),
               count(bins[i].rows), share(bins[i].probability, bins[i].rows),
               share(bins[i].right, bins[i].rows)});
  }
  return fmt::format("\ncalibration of {}: expected calibration error {}\n{}", shown(target.name, 20),
                     number(calibration.value()), table.text());
}

std::string target_number(const TargetKind& target, double x) {
  return target.origin() == 0 ? number(x) : far_number(x, target.deviation, 2);
}

std::string residuals(const TargetAssessment& t, std::size_t every) {
  if (t.residuals.empty()) return "";
  TextTable table(std::vector<Align>(5, Align::right));
  table.add({"answers from", "to", "rows", "mean residual", "mean |residual|"});
  for (const ResidualGroup& g : t.residuals)
    table.add({target_number(t.target, g.least), target_number(t.target, g.most), count(g.rows),
               number(g.mean), number(g.mean_size)});
  return fmt::format("\nresiduals of {}, truth less answer, by tenths of the answers{}\n{}",
                     shown(t.target.name, 24),
                     every > 1 ? fmt::format(", of 1 row in {}", every) : std::string(), table.text());
}

std::string worst(const TargetAssessment& t) {
  if (t.worst.empty()) return "";
  const bool classes = t.target.classes;
  TextTable table({Align::right, classes ? Align::left : Align::right, classes ? Align::left : Align::right,
                   Align::right, Align::left});
  table.add({"loss", "truth", "answer", classes ? "p(truth)" : "residual", "row"});
  for (const WorstRow& row : t.worst) {
    std::string place = shown_path(row.place.file);
    if (row.place.line > 0) place += fmt::format(":{}", row.place.line);
    if (classes)
      table.add({number(row.loss), class_name(t.target, row.actual), class_name(t.target, row.named),
                 fmt::format("{:.4f}", row.probability), place});
    else
      table.add({number(row.loss), target_number(t.target, row.truth), target_number(t.target, row.answer),
                 number(row.truth - row.answer), place});
  }
  return fmt::format("\nthe worst rows of {}\n{}", shown(t.target.name), table.text());
}

}  // namespace

std::string evaluated_text(const Evaluated& e) {
  std::string out = fmt::format(
      "run   {}{}\ndata  {} {}{} of {}{}\n{}\n", e.run, e.newest ? ", the newest, as none was named" : "",
      thousands(e.assessment.rows), e.part == "all" ? "" : e.part + " ",
      e.assessment.rows == 1 ? "row" : "rows", shown_path(e.data),
      e.assessment.scored < e.assessment.rows
          ? fmt::format(", {} of them with a target that the model knows", thousands(e.assessment.scored))
          : "",
      e.assessment.weighted ? "      rows count by their weights, and so do the numbers of rows below\n"
                            : "");
  out += scores(e);
  for (const TargetAssessment& t : e.assessment.targets) {
    if (t.target.ahead > 1) continue;  // the first step speaks for all; --json has them
    if (t.confusion) out += confusions(t.target, *t.confusion) + calibration(t.target, t.calibration);
    out += residuals(t, e.assessment.kept_every) + worst(t);
  }
  if (!e.drawn.empty()) out += fmt::format("\npictures in {}: {}\n", e.run, fmt::join(e.drawn, ", "));
  return out;
}

std::string evaluated_json(const Evaluated& e) {
  nlohmann::ordered_json out = {{"run", e.run}, {"newest", e.newest}, {"data", e.data}, {"part", e.part}};
  out.update(assessment_json(e.assessment));
  auto& linear = out["baselines"]["linear"];
  if (e.assessment.linear) {
    linear["fitted_rows"] = e.linear_rows;
    linear["training_rows"] = e.training_rows;
  }
  if (!e.drawn.empty()) out["pictures"] = e.drawn;
  return out.dump() + "\n";
}

}  // namespace bpnet::app
