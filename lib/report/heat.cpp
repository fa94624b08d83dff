#include "report/heat.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "report/sheet.hpp"
#include "tasks/augmenting.hpp"

namespace bpnet {

namespace {

/// The node of the first input that is a picture.
std::size_t picture_node(const Learner& learner, std::span<const Node> nodes) {
  const auto inputs = learner.encoding().inputs();
  const auto before = std::find_if(inputs.begin(), inputs.end(), is_picture) - inputs.begin();
  std::size_t at = 0;
  for (std::ptrdiff_t seen = 0;; ++at)
    if (nodes[at].is_input() && seen++ == before) return at;
}

/// Nodes that put out images made of the picture, which no such node reads.
std::vector<std::size_t> last_images(std::span<const Node> nodes, std::size_t picture) {
  std::vector<bool> images(nodes.size(), false), read(nodes.size(), false);
  images[picture] = true;
  std::vector<std::size_t> out;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    const Shape& shape = nodes[n].port().shape;
    if (shape.axes() != 3 || shape[0] < 2 || shape[1] < 2) continue;
    for (int i : nodes[n].inputs) images[n] = images[n] || images[static_cast<std::size_t>(i)];
    if (!images[n]) continue;
    for (int i : nodes[n].inputs) read[static_cast<std::size_t>(i)] = true;
  }
  for (std::size_t n = 0; n < nodes.size(); ++n)
    if (images[n] && !read[n] && n != picture) out.push_back(n);
  return out;
}

/// The rectified sum of the channels, each times the mean of its gradient.
std::vector<Real> class_activation(const View& value, const View& gradient) {
  const auto channels = static_cast<std::size_t>(value.port.shape[2]);
  const std::size_t pixels = value.elements() / channels;
  std::vector<Real> weights(channels), out(pixels);
  for (std::size_t p = 0; p < pixels; ++p)
    for (std::size_t c = 0; c < channels; ++c)
      weights[c] += gradient.reals()[p * channels + c] / static_cast<Real>(pixels);
  for (std::size_t p = 0; p < pixels; ++p) {
    for (std::size_t c = 0; c < channels; ++c) out[p] += weights[c] * value.reals()[p * channels + c];
    out[p] = std::max(out[p], Real{0});
  }
  return out;
}

/// Adds a map enlarged bilinearly between the centres of pixels.
void add_enlarged(const std::vector<Real>& from, const Shape& shape, HeatMap& to) {
  struct Between {
    int first, second;
    Real share;  // of the second
  };
  const auto between = [](int at, int size, int large) {
    const Real x =
        (static_cast<Real>(at) + Real{1} / 2) * static_cast<Real>(size) / static_cast<Real>(large) -
        Real{1} / 2;
    const Real inside = std::clamp(x, Real{0}, static_cast<Real>(size - 1));
    const int first = static_cast<int>(inside);
    return Between{first, std::min(first + 1, size - 1), inside - static_cast<Real>(first)};
  };
  const auto value = [&](int y, const Between& x) {
    const Real* row = from.data() + static_cast<std::ptrdiff_t>(y) * shape[1];
    return row[x.first] + x.share * (row[x.second] - row[x.first]);
  };
  auto out = to.values.begin();
  for (int y = 0; y < to.height; ++y) {
    const Between down = between(y, shape[0], to.height);
    for (int x = 0; x < to.width; ++x) {
      const Between across = between(x, shape[1], to.width);
      const Real upper = value(down.first, across), lower = value(down.second, across);
      *out++ += upper + down.share * (lower - upper);
    }
  }
}

/// Black, red, yellow, white.
std::array<Real, 3> hot(Real heat) {
  const auto part = [&](Real from) { return std::clamp(3 * heat - from, Real{0}, Real{1}); };
  return {part(0), part(1), part(2)};
}

}  // namespace

std::optional<HeatMap> heat_map(Learner& learner, const Rows& rows, std::int64_t row, std::size_t target,
                                std::size_t label, HeatMethod method) {
  const auto nodes = learner.network().graph().nodes();
  const std::size_t picture = picture_node(learner, nodes);
  const auto images = last_images(nodes, picture);
  if (method == HeatMethod::automatic) method = images.empty() ? HeatMethod::gradient : HeatMethod::grad_cam;
  if (method == HeatMethod::grad_cam && images.empty()) return std::nullopt;

  const Run& run = learner.explain(rows, row, target, label);
  const Shape& shape = nodes[picture].port().shape;
  HeatMap out;
  out.method = method;
  out.height = shape[0];
  out.width = shape[1];
  out.values.resize(static_cast<std::size_t>(shape[0]) * static_cast<std::size_t>(shape[1]));
  if (method == HeatMethod::grad_cam) {
    for (const std::size_t n : images) {
      if (!run.gradient(n)) continue;
      add_enlarged(class_activation(run.value(n), run.gradient(n)), nodes[n].port().shape, out);
      out.layers += (out.layers.empty() ? "" : ", ") + nodes[n].path + " " + nodes[n].port().shape.text();
    }
  } else if (const View& gradient = run.gradient(picture)) {
    const auto channels = static_cast<std::size_t>(shape[2]);
    for (std::size_t i = 0; i < gradient.elements(); ++i) {
      Real& most = out.values[i / channels];
      most = std::max(most, std::abs(gradient.reals()[i]));
    }
  }
  const Real most = *std::max_element(out.values.begin(), out.values.end());
  if (most > 0)
    for (Real& x : out.values) x /= most;
  return out;
}

Bitmap heat_picture(const SeenPictures& picture, const HeatMap& map, const std::string& left,
                    const std::string& right) {
  constexpr int side = 256;           // at least
  constexpr Real most = Real{4} / 5;  // how far the map hides the picture
  const auto channels = static_cast<std::size_t>(picture.shape[2]), pixels = map.values.size();
  std::vector<Real> plain(3 * pixels), under(3 * pixels);
  for (std::size_t p = 0; p < pixels; ++p) {
    const Real* from = picture.values.data() + p * channels;
    Real* colours = plain.data() + 3 * p;
    for (std::size_t c = 0; c < 3; ++c) colours[c] = from[channels == 3 ? c : 0];
    const Real grey = (colours[0] + colours[1] + colours[2]) / 6, hidden = most * map.values[p];
    const auto shade = hot(map.values[p]);
    for (std::size_t c = 0; c < 3; ++c) under[3 * p + c] = grey + hidden * (shade[c] - grey);
  }
  const SheetPicture both[] = {{plain, {left}}, {under, {right}}};
  return sheet(both, {map.height, map.width, 3}, 2, side);
}

}  // namespace bpnet
