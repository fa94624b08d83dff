// train.augment in training steps, on pictures made here.

#include "tasks/augmenting.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "allocations.hpp"
#include "math/threads.hpp"
#include "spec/spec.hpp"
#include "tasks/task.hpp"
#include "tasks/test_average.hpp"
#include "train/settings.hpp"

using namespace bpnet;

namespace {

struct MadeEncoding final : Encoding {
  std::vector<InputPort> ports;
  std::vector<TargetKind> kinds;
  std::vector<TargetScale> unit{{}};
  MadeEncoding(Shape shape, bool classes) {
    InputPort port;
    port.stack = "main";
    port.name = "photo";
    port.port.shape = shape;
    ports = {port};
    TargetKind kind;
    kind.name = "what";
    kind.classes = classes;
    if (classes) {
      kind.labels = {"a", "b", "c"};
      kind.counts = {1, 1, 1};
    }
    kinds = {kind};
  }
  std::span<const InputPort> inputs() const override { return ports; }
  std::span<const TargetKind> targets() const override { return kinds; }
  std::span<const TargetScale> scales() const override { return unit; }
  nlohmann::json to_json() const override { return {}; }
};

/// Row r is a ramp that begins at r; of class r % 3, of weight 1 + r % 2 if asked for.
struct MadeRows final : Rows {
  MadeEncoding made;
  bool has_weights = false;
  explicit MadeRows(Shape shape, bool classes = true) : made(shape, classes) {}
  std::int64_t count() const override { return 64; }
  const Encoding& encoding() const override { return made; }
  void gather(std::span<const std::int64_t> rows, std::span<const View> inputs,
              const PictureChange* change) const override {
    const Shape& shape = made.ports[0].port.shape;
    const std::size_t n = shape.elements();
    math::parallel(static_cast<std::ptrdiff_t>(rows.size()), 1e9, [&](std::ptrdiff_t i) {
      const auto slot = static_cast<std::size_t>(i);
      float picture[1024];
      for (std::size_t e = 0; e < n; ++e)
        picture[e] = static_cast<float>((rows[slot] * 13 + static_cast<std::int64_t>(e) * 7) % 97) / 97;
      if (change) change->apply(picture, shape, slot);
      std::copy_n(picture, n, inputs[0].reals() + slot * n);
    });
  }
  void classes(std::size_t, std::span<const std::int64_t> rows, std::int32_t* out) const override {
    for (std::size_t i = 0; i < rows.size(); ++i) out[i] = static_cast<std::int32_t>(rows[i] % 3);
  }
  void values(std::size_t, std::span<const std::int64_t> rows, Real* out) const override {
    for (std::size_t i = 0; i < rows.size(); ++i) out[i] = static_cast<Real>(rows[i] % 5) - 2;
  }
  bool weighted() const override { return has_weights; }
  void weights(std::span<const std::int64_t> rows, Real* out) const override {
    for (std::size_t i = 0; i < rows.size(); ++i) out[i] = static_cast<Real>(1 + rows[i] % 2);
  }
  Place place(std::int64_t) const override { return {}; }
};

std::vector<Choice> list_of(std::vector<std::string> yaml) {
  std::vector<Choice> out;
  for (const std::string& one : yaml) out.push_back(parse_choice(augmentations, one));
  return out;
}

struct Made {
  MadeRows rows;
  std::vector<Choice> augment;
  ChoiceMap loss;
  std::vector<Stack> model{{"main", {}, {}}};
  std::unique_ptr<Learner> learner;
  explicit Made(std::vector<std::string> list, bool classes = true, TestAverage average = TestAverage::none)
      : rows({6, 5, 3}, classes), augment(list_of(std::move(list))) {
    for (const char* layer : {"flatten", "dense: 8", "tanh", "output"})
      model[0].layers.push_back(parse_choice(layers, layer));
    TaskRequest request{model, loss, {}, {}, {}, {}};
    request.augment = augment;
    request.test_average = average;
    learner =
        choose(tasks, "supervised").as<Task>()->learner(request, std::make_shared<MadeEncoding>(rows.made));
    learner->network().initialise(1);
  }
  struct Step {
    LossSum loss;
    std::vector<Real> gradients;
  };
  Step step(std::vector<std::int64_t> batch, std::uint64_t at = 0, std::uint64_t epoch = 0,
            std::int64_t first = 0) {
    std::vector<std::int64_t> samples(batch.size());
    std::iota(samples.begin(), samples.end(), first);
    const LossSum sum = learner->learn(rows, batch, {1, at, 0, samples, epoch}, true, nullptr);
    const auto gradients = learner->network().weights().gradients;
    return {sum, {gradients.begin(), gradients.end()}};
  }
};

std::vector<std::int64_t> first_rows(std::int64_t n) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  return rows;
}

const std::vector<std::string> everything = {
    "flip",       "crop: 2",        "crop: {padding: 1, border: edge}",
    "shift",      "rotate",         "scale: 0.2",
    "brightness", "saturation",     "contrast",
    "cutout: 2",  "random_augment", "mixup: 1",
    "cutmix"};

std::string refused(std::vector<std::string> list, Shape shape = {6, 5, 3}, int inputs = 1) {
  const MadeEncoding encoding(shape, true);
  std::vector<InputPort> ports(static_cast<std::size_t>(inputs), encoding.ports[0]);
  if (inputs > 1) ports[1].port.shape = {4};
  const auto augment = list_of(std::move(list));
  try {
    const Augmenting made(augment, {}, ports);
  } catch (const Error& error) {
    return error.problems()[0].message + ": " + error.problems()[0].help[0];
  }
  return "";
}

}  // namespace

TEST_CASE("an augmented step has the same bits on any number of threads, and allocates nothing") {
  std::vector<Made::Step> seen;
  for (const int threads : {1, 2, 4}) {
    math::set_threads(threads);
    Made made(everything);
    seen.push_back(made.step(first_rows(17), 3, 1));
    made.step(first_rows(17), 4, 1);
    const auto before = allocations::count();
    std::vector<std::int64_t> batch = first_rows(17), samples = batch;
    const auto own = allocations::count() - before;
    for (std::uint64_t at = 5; at < 10; ++at)
      made.learner->learn(made.rows, batch, {1, at, 0, samples, 1}, true, nullptr);
    CHECK(allocations::count() == before + own);
  }
  math::set_threads(1);
  CHECK(seen[0].gradients == seen[1].gradients);
  CHECK(seen[0].gradients == seen[2].gradients);
}

TEST_CASE("what is drawn depends on step, sample and seed, and not on what was drawn before") {
  Made made({"crop: 2", "rotate: 30", "brightness"});
  const auto batch = first_rows(8);
  const auto once = made.step(batch, 7);
  CHECK(made.step(batch, 8).gradients != once.gradients);
  CHECK(made.step(batch, 7, 0, 100).gradients != once.gradients);
  CHECK(made.step(batch, 7).gradients == once.gradients);
  Made same({"crop: 2", "rotate: 30", "brightness"});
  CHECK(same.step(batch, 7).gradients == once.gradients);
  Made plain({});
  CHECK(plain.step(batch, 7).gradients != once.gradients);
}

TEST_CASE("maps that follow each other are done as one, those with another border by themselves") {
  const auto shown = [](std::vector<std::string> list) {
    Made made(std::move(list));
    const auto batch = first_rows(4);
    const Moment moment{1, 0, 0, batch};
    return made.learner->pictures(made.rows, batch, &moment).values;
  };
  // Two moves by whole pixels: the same as one by one in the middle, which no border reaches.
  const auto together = shown({"crop: {padding: 1, border: edge}", "crop: {padding: 1, border: edge}"});
  const auto apart = shown({"crop: {padding: 1, border: edge}", "crop: {padding: 1, border: reflect}"});
  for (std::size_t picture = 0; picture < 4; ++picture)
    for (std::size_t y = 2; y < 4; ++y) {
      const std::size_t at = ((picture * 6 + y) * 5 + 2) * 3;
      CHECK(together[at] == apart[at]);
    }
  CHECK(together != shown({"crop: {padding: 1, border: edge}"}));
}

TEST_CASE("mixed rows count for both targets by their shares, in loss and gradient") {
  for (const bool classes : {true, false})
    for (const char* mixing : {"mixup: 1", "cutmix"})
      for (const bool weighted : {false, true}) {
        CAPTURE(classes);
        CAPTURE(mixing);
        CAPTURE(weighted);
        Made made({mixing}, classes);
        made.rows.has_weights = weighted;
        const auto batch = first_rows(7);
        const auto mixed = made.step(batch);
        CHECK(mixed.loss.weight == doctest::Approx(weighted ? 10 : 7));

        // The same by hand: the pictures as they were mixed, learnt with each target by itself.
        const Moment moment{1, 0, 0, batch};
        const SeenPictures pictures = made.learner->pictures(made.rows, batch, &moment);
        Augmenting again(made.augment, {}, made.rows.made.ports);
        std::vector<Real> values(pictures.values.size());
        View view;
        view.data = reinterpret_cast<std::byte*>(values.data());
        view.port = made.rows.made.ports[0].port;
        view.samples = 7;
        const auto shares = again.gather(made.rows, batch, std::span(&view, 1), moment);
        CHECK(values == pictures.values);
        REQUIRE(shares.size() == 7);
        CHECK(shares[3] == 1);
        for (std::size_t i = 0; i < 7; ++i) CHECK(shares[i] == shares[6 - i]);

        struct Fixed final : Rows {  // a mixed picture with the target and weight of any row
          const MadeRows* made;
          std::span<const Real> pictures;
          std::size_t picture = 0;
          std::int64_t target = 0;
          double share = 1;
          std::int64_t count() const override { return 1; }
          const Encoding& encoding() const override { return made->encoding(); }
          void gather(std::span<const std::int64_t>, std::span<const View> inputs,
                      const PictureChange*) const override {
            std::copy_n(pictures.begin() + static_cast<std::ptrdiff_t>(picture * 90), 90, inputs[0].reals());
          }
          void classes(std::size_t t, std::span<const std::int64_t>, std::int32_t* out) const override {
            made->classes(t, std::span(&target, 1), out);
          }
          void values(std::size_t t, std::span<const std::int64_t>, Real* out) const override {
            made->values(t, std::span(&target, 1), out);
          }
          bool weighted() const override { return true; }
          void weights(std::span<const std::int64_t>, Real* out) const override {
            *out = 1;
            if (made->has_weights) made->weights(std::span(&target, 1), out);
            *out *= static_cast<Real>(share);
          }
          Place place(std::int64_t) const override { return {}; }
        } fixed;
        fixed.made = &made.rows;
        fixed.pictures = values;
        Made plain({}, classes);
        LossSum sum;
        const std::int64_t one = 0;
        for (std::size_t i = 0; i < 7; ++i)
          for (const bool own : {true, false}) {
            fixed.picture = i;
            fixed.target = own ? batch[i] : batch[6 - i];
            fixed.share = own ? shares[i] : 1 - shares[i];
            const Moment at{1, 0, 0, std::span(&one, 1)};
            sum += plain.learner->learn(fixed, std::span(&one, 1), at, i == 0 && own, nullptr);
          }
        CHECK(mixed.loss.sum == doctest::Approx(sum.sum).epsilon(1e-4));
        CHECK(mixed.loss.weight == doctest::Approx(sum.weight).epsilon(1e-5));
        const auto gradients = plain.learner->network().weights().gradients;
        for (std::size_t g = 0; g < gradients.size(); ++g)
          CHECK(mixed.gradients[g] == doctest::Approx(gradients[g]).epsilon(1e-3).scale(0.01));
      }
}

TEST_CASE("evaluation sees pictures as they are, also after a mixed step") {
  Made made(everything), plain({});
  const auto batch = first_rows(8);
  made.step(batch);
  ScoreSums a = made.learner->new_sums(), b = plain.learner->new_sums();
  made.learner->evaluate(made.rows, batch, 8, a);
  plain.learner->evaluate(plain.rows, batch, 8, b);
  CHECK(a.loss.sum == b.loss.sum);
  CHECK(a.loss.weight == b.loss.weight);
}

TEST_CASE("what does not fit is refused, with a way out") {
  CHECK(refused({"flip"}).empty());
  CHECK(refused({"flip"}, {6, 5, 3}, 2).empty());
  CHECK(refused({"flip"}, {30}) ==
        "train.augment changes pictures, and the model has no image column as input: leave it out, or "
        "declare a "
        "column: data.columns: {COLUMN: image}");
  CHECK(refused({}, {30}).empty());
  CHECK(refused({"mixup", "flip"}) ==
        "train.augment: flip stands behind what mixes pictures of a batch: put mixup and cutmix at the end "
        "of the "
        "list");
  CHECK(refused({"mixup"}, {6, 5, 3}, 2) ==
        "train.augment: mixup mixes pictures with their targets, and the model reads other columns too: "
        "leave it "
        "out, or leave the other columns out (data.ignore)");
  CHECK(refused({"cutout: 6"}) ==
        "train.augment: cutout does not fit pictures of 6x5x3: the square is larger than the picture: take 5 "
        "or "
        "less");
  CHECK(
      refused({"crop: 5"}) ==
      "train.augment: crop does not fit pictures of 6x5x3: the padding is not smaller than the picture: take "
      "less than 5");
  CHECK(refused({"saturation"}, {6, 5, 1}) ==
        "train.augment: saturation does not fit pictures of 6x5x1: grey pictures have no colours");
}

TEST_CASE(
    "test_average: means over mirror images and moved copies, and mirrored pictures get the same answer") {
  const auto answers = [](TestAverage average, bool mirrored) {
    Made made({}, true, average);
    struct Mirrored final : Rows {
      const MadeRows* made;
      bool mirrors = false;
      std::int64_t count() const override { return made->count(); }
      const Encoding& encoding() const override { return made->encoding(); }
      void gather(std::span<const std::int64_t> rows, std::span<const View> inputs,
                  const PictureChange* change) const override {
        struct Before final : PictureChange {
          const PictureChange* next;
          void apply(float* image, const Shape& shape, std::size_t slot) const override {
            mirror({image, shape[0], shape[1], shape[2]}, false);
            if (next) next->apply(image, shape, slot);
          }
        } before;
        before.next = change;
        made->gather(rows, inputs, mirrors ? &before : change);
      }
      void classes(std::size_t t, std::span<const std::int64_t> r, std::int32_t* out) const override {
        made->classes(t, r, out);
      }
      void values(std::size_t t, std::span<const std::int64_t> r, Real* out) const override {
        made->values(t, r, out);
      }
      Place place(std::int64_t) const override { return {}; }
    } rows;
    rows.made = &made.rows;
    rows.mirrors = mirrored;
    const auto batch = first_rows(4);
    const Inferred inferred = made.learner->infer(rows, batch);
    const View& logits = inferred.logits[0];
    return std::vector<Real>(logits.reals(), logits.reals() + logits.elements());
  };
  const auto plain = answers(TestAverage::none, false), other = answers(TestAverage::none, true);
  const auto mean = answers(TestAverage::mirror, false), turned = answers(TestAverage::mirror, true);
  const auto shifted = answers(TestAverage::mirror_shift, false),
             shifted_turned = answers(TestAverage::mirror_shift, true);
  bool differ = false, moves = false;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CHECK(mean[i] == doctest::Approx((plain[i] + other[i]) / 2).epsilon(1e-4).scale(0.1));
    CHECK(turned[i] == doctest::Approx(mean[i]).epsilon(1e-4).scale(0.1));
    differ = differ || plain[i] != other[i];
    moves = moves || shifted[i] != mean[i];
  }
  CHECK(differ);
  CHECK(moves);
  CHECK(shifted != shifted_turned);  // mirroring first moves to the other side, so only nearly the same
}
