// Compiled twice. In double: central differences of a random projection of the output, for every layer of the
// table; writes what it computed. In float: must reproduce those values. Both: must agree with values
// recorded from PyTorch.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "layer_run.hpp"
#include "layers/attention.hpp"
#include "layers/feature_dense.hpp"
#include "layers/merge.hpp"
#include "layers/recurrent.hpp"
#include "spec/spec.hpp"

using namespace bpnet;
using namespace bpnet::gradients;

namespace {

constexpr bool is_double = sizeof(Real) == 8;
constexpr int samples = 5;
std::string values_file;  // the double executable writes it, the float one reads it

struct Case {
  std::string name;
  std::shared_ptr<const Layer> layer;
  Inputs inputs;
};

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const Entry* entry : layers.entries) {
    const Choice choice = parse_choice(layers, entry->example);
    if (const auto layer = choice.as<Layer>()) out.push_back({entry->name, layer, inputs_of(entry->input)});
  }
  out.push_back({"(add)", std::make_shared<Add>(), inputs_of("4 4 4")});
  out.push_back({"(concat)", std::make_shared<Concat>(), inputs_of("4 3 2")});
  out.push_back({"(multiply)", std::make_shared<Multiply>(), inputs_of("4 4")});
  out.push_back({"(scale_channels)", std::make_shared<ScaleChannels>(), inputs_of("3x2x4 4")});
  out.push_back({"(slice)", std::make_shared<Slice>(2, 3), inputs_of("7")});
  for (const math::Cell cell : {math::Cell::lstm, math::Cell::gru, math::Cell::tanh, math::Cell::relu})
    for (const bool reverse : {false, true}) {
      const auto layer = std::make_shared<RecurrentLayer>(cell, 3);
      layer->reverse = layer->last = reverse;
      layer->bias = cell != math::Cell::relu;
      out.push_back({"(cell " + std::to_string(static_cast<int>(cell)) + (reverse ? ", reverse)" : ")"),
                     layer, inputs_of("4@5")});
    }
  for (const char* yaml :
       {"conv1d: {channels: 3, kernel_size: 3, dilation: 2, causal: true}",
        "conv1d: {channels: 6, kernel_size: 4, padding: same, groups: 2}",
        "conv1d: {depthwise: true, kernel_size: 3, padding: same, dilation: 2, bias: false}"})
    out.push_back({std::string("(") + yaml + ")", parse_choice(layers, yaml).as<Layer>(), inputs_of("4@7")});
  out.push_back({"(waves)", parse_choice(layers, "positions: {factor: 1.7}").as<Layer>(), inputs_of("4@5")});
  for (const char* by : {"mean", "max", "first", "last"})
    out.push_back({std::string("(pool by ") + by + ")",
                   parse_choice(layers, std::string("temporal_pool: ") + by).as<Layer>(), inputs_of("4@5")});
  out.push_back(
      {"(conv1d, causal)",
       parse_choice(layers, "conv1d: {channels: 3, kernel_size: 2, stride: 2, causal: true}").as<Layer>(),
       inputs_of("5x2")});
  for (int variant = 0; variant < 4; ++variant) {
    const auto heads = std::make_shared<AttentionHeads>();
    heads->heads = 2;
    heads->key_heads = variant % 2 + 1;
    heads->rotary = heads->causal = variant % 2 == 0;
    heads->dropout = variant < 2 ? 0.3 : 0;
    const std::string self = variant % 2 == 0 ? "8@7" : "12@7";
    out.push_back({"(heads, variant " + std::to_string(variant) + ")", heads,
                   inputs_of(variant == 3 ? "4@5 8@7" : self)});
  }
  const auto of_features = std::make_shared<FeatureDense>(std::vector<int>{1, 1, 3, 2}, 3);
  out.push_back({"(feature_dense)", of_features, inputs_of("7")});
  const auto tokens = std::make_shared<FeatureDense>(*of_features);
  tokens->tokens = tokens->class_token = true;
  out.push_back({"(feature_dense, tokens)", tokens, inputs_of("7")});
  return out;
}

using Values = std::map<std::string, std::vector<double>>;

std::vector<double> numbers(const Real* data, std::size_t n) { return {data, data + n}; }

// Output, input gradients and parameter gradients, named.
Values values_of(LayerRun& run) {
  Values values;
  values["out"] = numbers(run.out[0].reals(), run.out[0].elements());
  for (std::size_t i = 0; i < run.din.size(); ++i)
    if (run.din[i]) values["din" + std::to_string(i)] = numbers(run.din[i].reals(), run.din[i].elements());
  for (std::size_t p = 0; p < run.gradients.size(); ++p)
    values["d" + run.plan.parameters[p].name] =
        numbers(run.gradients[p].data(), run.gradients[p].size() - 16);
  return values;
}

double projection(const LayerRun& run) {
  double sum = 0;
  for (std::size_t i = 0; i < run.out[0].elements(); ++i)
    sum += double{run.out[0].reals()[i]} * double{run.dout[0].reals()[i]};
  return sum;
}

// Compares with central differences; elements at a kink, told by disagreeing one-sided differences, are
// counted only.
void check_differences(LayerRun& run, Real* at, std::size_t n, const std::vector<double>& gradient,
                       double offset, int& kinks) {
  const double eps = 1e-6;
  for (std::size_t i = 0; i < n; ++i) {
    const Real was = at[i];
    const auto value = [&](double shift) {
      at[i] = static_cast<Real>(was + shift);
      run.forward();
      return projection(run);
    };
    const double up = value(eps), down = value(-eps), here = value(0);
    at[i] = was;
    const double right = (up - here) / eps, left = (here - down) / eps;
    if (std::abs(right - left) > 1e-3 * std::max(1.0, std::abs(right) + std::abs(left))) {
      ++kinks;
      continue;
    }
    const double numeric = (up - down) / (2 * eps), analytic = gradient[i] - offset;
    CHECK(std::abs(numeric - analytic) <= 1e-6 * std::max(std::abs(numeric), std::abs(analytic)) + 1e-8);
  }
}

bool near(double a, double b, double relative, double absolute) {
  return std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b)) + absolute;
}

void compare(const Values& got, const Values& want, double relative, double absolute) {
  for (const auto& [name, numbers] : want) {
    CAPTURE(name);
    REQUIRE(got.count(name) == 1);
    REQUIRE(got.at(name).size() == numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      CAPTURE(i);
      CHECK_MESSAGE(near(got.at(name)[i], numbers[i], relative, absolute), got.at(name)[i], " against ",
                    numbers[i]);
    }
  }
}

nlohmann::json read_json(const std::string& path) {
  std::ifstream file(path);
  REQUIRE_MESSAGE(file, path);
  return nlohmann::json::parse(file);
}

}  // namespace

TEST_CASE("gradients agree with central differences") {
  if (!is_double) return;
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    LayerRun run(c.layer, c.inputs, samples, Mode::training);
    run.forward();
    run.backward(false, 1);
    Values added = values_of(run);
    int kinks = 0;
    for (std::size_t i = 0; i < run.in.size(); ++i)
      if (run.din[i])
        check_differences(run, run.in[i].reals(), run.in[i].elements(), added["din" + std::to_string(i)], 0,
                          kinks);
    for (std::size_t p = 0; p < run.parameters.size(); ++p)
      check_differences(run, run.parameters[p].data(), run.parameters[p].size() - 16,
                        added["d" + run.plan.parameters[p].name], 1, kinks);
    CHECK(kinks <= 2);
    if (!run.plan.assigns_gradients) continue;
    run.forward();
    run.backward(true, std::numeric_limits<Real>::quiet_NaN());
    for (const auto& [name, numbers] : values_of(run))
      for (std::size_t i = 0; i < numbers.size(); ++i)
        CHECK(near(numbers[i], added[name][i] - (name == "out" || name.starts_with("din") ? 0 : 1), 1e-9,
                   1e-9));
  }
}

TEST_CASE("float reproduces double") {
  nlohmann::json kept = is_double ? nlohmann::json::object() : read_json(values_file);
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    LayerRun run(c.layer, c.inputs, samples, Mode::training);
    run.forward();
    run.backward(false, 0);
    if (is_double)
      kept[c.name] = values_of(run);
    else
      compare(values_of(run), kept.at(c.name).get<Values>(), 2e-5, 2e-6);
  }
  if (is_double) std::ofstream(values_file) << kept;
}

TEST_CASE("padding has no gradient and is never read") {
  int seen = 0;
  for (const Case& c : cases()) {
    LayerRun run(c.layer, c.inputs, samples, Mode::training);
    if (run.in[0].lengths.empty()) continue;
    ++seen;
    CAPTURE(c.name);
    const auto used = [&] {
      run.forward();
      run.backward(false, 0);
      Values values = values_of(run);
      for (std::size_t i = 0; i < run.out[0].elements(); ++i)
        if (!LayerRun::in_use(run.out[0], i)) values["out"][i] = 0;
      return values;
    };
    const Values once = used();
    for (std::size_t p = 0; p < run.in.size(); ++p)
      for (std::size_t i = 0; i < run.in[p].elements(); ++i) {
        if (LayerRun::in_use(run.in[p], i)) continue;
        CHECK(run.din[p].reals()[i] == 0);
        run.in[p].reals()[i] = static_cast<Real>(100 * formula(9, i));
      }
    CHECK(used() == once);
  }
  CHECK(seen >= 1);
}

TEST_CASE("layers agree with PyTorch") {
  const nlohmann::json recorded = read_json(std::string(BPNET_SOURCE) + "/tests/reference/layers.json");
  int seen = 0;
  for (const Case& c : cases()) {
    if (!recorded.contains(c.name)) continue;
    ++seen;
    CAPTURE(c.name);
    LayerRun run(c.layer, c.inputs, samples, Mode::training);
    run.forward();
    run.backward(false, 0);
    compare(values_of(run), recorded.at(c.name).get<Values>(), is_double ? 1e-9 : 2e-5,
            is_double ? 1e-10 : 2e-6);
  }
  CHECK(seen == static_cast<int>(recorded.size()));
}

TEST_CASE("layers of images agree with PyTorch") {
  for (const auto& c : read_json(std::string(BPNET_SOURCE) + "/tests/reference/images.json")) {
    const std::string yaml = c.at("layer");
    CAPTURE(yaml);
    LayerRun run(parse_choice(layers, yaml).as<Layer>(), inputs_of(c.at("input")), samples, Mode::training);
    run.forward();
    run.backward(false, 0);
    // In float the sums of Winograd's transforms cancel: measured against the greatest value, or against the
    // sizes of what is added up.
    for (const auto& [name, numbers] : c.at("values").get<Values>()) {
      double greatest = c.value("sums", 0.0) / 5;
      for (double x : numbers) greatest = std::max(greatest, std::abs(x));
      compare(values_of(run), {{name, numbers}}, is_double ? 1e-9 : 2e-5,
              (is_double ? 1e-9 : 1e-5) * greatest);
    }
  }
}

int main(int count, char** words) {
  doctest::Context context(count, words);
  if (const char* path = std::getenv("BPNET_GRADIENT_VALUES")) values_file = path;
  if (values_file.empty()) {
    std::fputs("BPNET_GRADIENT_VALUES names the file of values\n", stderr);
    return 64;
  }
  return context.run();
}
