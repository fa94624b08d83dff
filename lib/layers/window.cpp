#include "layers/window.hpp"

#include <algorithm>

namespace bpnet {

namespace {
[[noreturn]] void no_image(const Port& in, const char* wanted, bool of_rows) {
  if (in.time != 0)
    throw Misfit{
        std::string("takes ") + wanted + ", but its input is a sequence with steps of " + in.shape.text(),
        {"for sequences: conv1d sees neighbouring steps, temporal_pool draws all steps together, "
         "layer_norm normalises each step"}};
  const std::string what = std::string("takes ") + wanted + ", but its input is " + in.shape.text();
  if (of_rows && in.shape.axes() == 3) throw Misfit{what, {"for images: conv2d"}};
  throw Misfit{what, {"images come from an image column, or put a reshape in front of it"}, true};
}
}  // namespace

void require_image(const Port& in) {
  require_numbers(in);
  if (in.shape.axes() != 3) no_image(in, "images (height x width x channels)", false);
}

WindowOptions::Image WindowOptions::image(const Port& in) const {
  if (axes == 2) {
    require_image(in);
    return {in.shape[0], in.shape[1], in.shape[2]};
  }
  require_numbers(in);
  if (in.shape.axes() != 2) no_image(in, "rows (length x channels)", true);
  return {1, in.shape[0], in.shape[1]};
}

Shape WindowOptions::shape(int rows, int columns, int channels) const {
  return axes == 2 ? Shape{rows, columns, channels} : Shape{columns, channels};
}

int WindowOptions::of(const Sizes& sizes, int axis) const {
  return static_cast<int>(axis == 0 ? sizes.front() : sizes.back());
}

void WindowOptions::check(const Sizes& sizes, const char* name) const {
  if (sizes.empty() || sizes.size() > static_cast<std::size_t>(axes))
    throw Misfit{std::string(name) +
                     (axes == 2 ? " is one number, or one of rows and one of columns" : " is one number") +
                     "; got " + std::to_string(sizes.size()) + " of them",
                 {}};
}

math::Slide WindowOptions::slide(int size, int axis) const {
  math::Slide s;
  s.size = size;
  if (axes == 1 && axis == 0) return s;
  s.kernel = of(kernel, axis);
  s.stride = of(stride.empty() ? kernel : stride, axis);
  s.dilation = of(dilation, axis);
  if (causal) {
    s.before = s.reach() - 1;
    return s;
  }
  if (!padding.empty()) {
    s.before = s.after = of(padding, axis);
    return s;
  }
  const int wanted = (size + s.stride - 1) / s.stride;
  const int lacking = std::max(0, (wanted - 1) * s.stride + s.reach() - size);
  s.before = lacking / 2;
  s.after = lacking - s.before;
  return s;
}

math::Window WindowOptions::sliding(const Port& in) const {
  check(kernel, "kernel_size");
  if (!stride.empty()) check(stride, "stride");
  check(dilation, "dilation");
  if (!padding.empty()) check(padding, "padding");
  if (causal && padding != Sizes{0})
    throw Misfit{"causal: true says what padding there is", {"leave padding out"}};
  const Image size = image(in);
  return {slide(size.rows, 0), slide(size.columns, 1)};
}

math::Window WindowOptions::on(const Port& in) const {
  const math::Window window = sliding(in);
  const int rows = window.rows.places(), columns = window.columns.places();
  require_size(static_cast<double>(rows) * columns, shape(rows, columns, 1).text());
  if (window.places() > 0) return window;
  const auto text = [&](int high, int wide) {
    return axes == 2 ? std::to_string(high) + "x" + std::to_string(wide) : std::to_string(wide);
  };
  const bool dilated = window.rows.dilation > 1 || window.columns.dilation > 1;
  throw Misfit{
      "kernel " + text(window.rows.kernel, window.columns.kernel) +
          (dilated ? " (" + text(window.rows.reach(), window.columns.reach()) + " with its dilation)" : "") +
          " does not fit its " + in.shape.text() + " input",
      {"take a smaller kernel_size, or padding: same"}};
}

}  // namespace bpnet
