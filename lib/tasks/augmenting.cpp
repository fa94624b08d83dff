#include "tasks/augmenting.hpp"

#include <algorithm>
#include <cassert>

#include "core/memory.hpp"
#include "math/threads.hpp"

namespace bpnet {

namespace {

std::vector<Problem> problems_of(std::span<const Choice> augment, const Place& place,
                                 std::span<const InputPort> inputs) {
  const bool pictures = std::any_of(inputs.begin(), inputs.end(), is_picture);
  if (!augment.empty() && !pictures)
    return {Problem{place,
                    "train.augment changes pictures, and the model has no image column as input",
                    {"leave it out, or declare a column: data.columns: {COLUMN: image}"}}};
  std::vector<Problem> problems;
  bool mixed = false;
  for (const Choice& choice : augment) {
    const std::string what = "train.augment: " + choice.name();
    if (choice.as<Mixing>()) {
      mixed = true;
      if (inputs.size() > 1)
        problems.push_back(
            Problem{choice.place,
                    what + " mixes pictures with their targets, and the model reads other columns too",
                    {"leave it out, or leave the other columns out (data.ignore)"}});
    } else if (mixed) {
      problems.push_back(Problem{choice.place,
                                 what + " stands behind what mixes pictures of a batch",
                                 {"put mixup and cutmix at the end of the list"}});
    }
    if (const std::string fault = choice.as<Augmentation>()->fault(); !fault.empty())
      problems.push_back(Problem{choice.place, what + ": " + fault, {}});
    for (const InputPort& input : inputs) {
      if (!is_picture(input)) continue;
      const Shape& shape = input.port.shape;
      std::string objection = choice.as<Augmentation>()->objection(shape);
      if (shape[2] > math::most_channels)
        objection = "there are more than " + std::to_string(math::most_channels) + " channels";
      if (!objection.empty())
        problems.push_back(
            Problem{choice.place, what + " does not fit pictures of " + shape.text(), {objection}});
    }
  }
  return problems;
}

/// Keeps a copy of what the network is given as its first picture.
class Copying final : public PictureChange {
 public:
  Copying(const PictureChange* before, SeenPictures& to, std::size_t rows)
      : before_(before), to_(to), seen_(rows) {}
  Corner corner(const Shape& whole, const Shape& part, std::size_t slot) const override {
    return before_ ? before_->corner(whole, part, slot) : middle(whole, part);
  }
  void apply(float* image, const Shape& shape, std::size_t slot) const override {
    if (before_) before_->apply(image, shape, slot);
    if (seen_[slot]) return;
    seen_[slot] = 1;
    std::copy_n(image, shape.elements(), to_.values.data() + slot * shape.elements());
  }

 private:
  const PictureChange* before_;
  SeenPictures& to_;
  mutable std::vector<char> seen_;  // inputs are gathered one after another
};

}  // namespace

bool is_picture(const InputPort& input) {
  return input.port.type == Type::real && input.port.shape.axes() == 3;
}

Augmenting::Augmenting(std::span<const Choice> augment, const Place& place,
                       std::span<const InputPort> inputs) {
  std::vector<Problem> problems = problems_of(augment, place, inputs);
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
  for (const InputPort& input : inputs)
    if (is_picture(input)) {
      largest_ = std::max(largest_, input.port.shape.elements());
      cuts_ = cuts_ || input.cut;
    }
  place_.stream = stream_of("data.columns.image.random_crop");
  for (std::size_t i = 0; i < augment.size(); ++i) add(i, augment[i]);
}

void Augmenting::add(std::size_t step, const Choice& choice) {
  steps_.push_back({stream_of("train.augment." + std::to_string(step + 1)), {}});
  if (auto mixing = choice.as<Mixing>()) {
    mixings_.emplace_back(std::move(mixing), step);
    return;
  }
  const auto map = choice.as<Geometric>();
  if (map && !stages_.empty() && !stages_.back().maps.empty() &&
      stages_.back().maps[0]->border == map->border) {
    stages_.back().maps.push_back(map);
    return;
  }
  Stage stage{nullptr, {}, step};
  if (map)
    stage.maps.push_back(map);
  else
    stage.alone = choice.as<PictureAugmentation>();
  stages_.push_back(std::move(stage));
}

std::span<const Real> Augmenting::gather(const Rows& rows, std::span<const std::int64_t> batch,
                                         std::span<const View> inputs, const Moment& moment) {
  if (steps_.empty() && (!cuts_ || moment.samples.empty())) {
    rows.gather(batch, inputs);
    return {};
  }
  begin(moment, batch);
  rows.gather(batch, inputs, stages_.empty() && !cuts_ ? nullptr : this);
  return mix(inputs[0]);
}

void Augmenting::begin(const Moment& moment, std::span<const std::int64_t> batch) {
  assert(moment.samples.size() == batch.size());
  samples_ = moment.samples;
  batch_ = batch;
  epoch_ = moment.epoch;
  const auto draw = [&](Step& step) {
    step.draw = Draw::of(moment.seed, step.stream, moment.step, moment.pass);
  };
  draw(place_);
  std::for_each(steps_.begin(), steps_.end(), draw);
  const std::size_t room = largest_ * static_cast<std::size_t>(math::threads());
  if (scratch_.size() < room) scratch_.resize(room);
}

Chance Augmenting::chance(const Step& step, std::size_t slot) const {
  return {step.draw, static_cast<std::uint64_t>(samples_[slot]), static_cast<std::uint64_t>(batch_[slot]),
          epoch_};
}

PictureChange::Corner Augmenting::corner(const Shape& whole, const Shape& part, std::size_t slot) const {
  const Chance at = chance(place_, slot);
  return {at.whole(0, 0, whole[0] - part[0]), at.whole(1, 0, whole[1] - part[1])};
}

void Augmenting::apply(float* image, const Shape& shape, std::size_t slot) const {
  const PictureView picture{image, shape[0], shape[1], shape[2]};
  float* const scratch = scratch_.data() + static_cast<std::size_t>(math::thread_index()) * largest_;
  for (const Stage& stage : stages_) {
    if (stage.maps.empty()) {
      stage.alone->apply(picture, chance(steps_[stage.first], slot), scratch);
      continue;
    }
    Affine map;
    for (std::size_t i = 0; i < stage.maps.size(); ++i)
      map = map.then(stage.maps[i]->map(picture, chance(steps_[stage.first + i], slot)));
    warp(picture, map, stage.maps[0]->border, scratch);
  }
}

SeenPictures Augmenting::pictures(const Rows& rows, std::span<const std::int64_t> batch,
                                  const Moment* moment) {
  const auto ports = rows.encoding().inputs();
  const auto first = std::find_if(ports.begin(), ports.end(), is_picture);
  if (first == ports.end()) return {};
  SeenPictures out{first->port.shape, std::vector<Real>(batch.size() * first->port.shape.elements())};
  if (moment) begin(*moment, batch);
  const auto samples = static_cast<int>(batch.size());
  std::vector<Memory> memory;
  std::vector<View> inputs;
  for (const InputPort& input : ports) {
    memory.emplace_back(batch.size() * input.port.bytes());
    inputs.push_back({memory.back().data(), input.port, samples, 1, {}});
  }
  const Copying copying(moment ? this : nullptr, out, batch.size());
  rows.gather(batch, inputs, &copying);
  if (moment) mix({reinterpret_cast<std::byte*>(out.values.data()), first->port, samples, 1, {}});
  return out;
}

std::span<const Real> Augmenting::mix(const View& pictures) {
  if (mixings_.empty()) return {};
  const auto n = static_cast<std::size_t>(pictures.samples);
  if (shares_.size() < n) shares_.resize(n);
  // Of several kinds of mixing, each batch gets one.
  const std::uint64_t which =
      steps_[mixings_[0].second].draw.sub(stream_of("which")).index(0, 0, mixings_.size());
  const auto& [mixing, step] = mixings_[which];
  const std::size_t width = pictures.port.shape.elements();
  if (n % 2 == 1) shares_[n / 2] = 1;
  math::parallel(
      static_cast<std::ptrdiff_t>(n / 2), static_cast<double>(pictures.elements()), [&](std::ptrdiff_t i) {
        const auto slot = static_cast<std::size_t>(i), other = n - 1 - slot;
        shares_[slot] = shares_[other] =
            static_cast<Real>(mixing->mix(pictures.reals() + slot * width, pictures.reals() + other * width,
                                          pictures.port.shape, chance(steps_[step], slot)));
      });
  return std::span(shares_).first(n);
}

}  // namespace bpnet
