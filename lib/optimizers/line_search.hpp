#pragma once
// How far to go along a direction: a step that fulfils the strong Wolfe conditions.

namespace bpnet {

/// What is seen at a point of the line: the loss and its derivative along the line.
struct Sight {
  double loss = 0, slope = 0;
};

class Ray {
 public:
  virtual ~Ray() = default;
  /// A loss that is not finite is told as infinity.
  virtual Sight at(double length) = 0;
};

/// The length found, 0 if none is better than staying. `start` is the sight at 0 (slope < 0), `first` the
/// length tried first, `reach` the largest component of the direction. Bracketing, then cubic interpolation
/// (Nocedal and Wright 2006, algorithms 3.5 and 3.6), as PyTorch's LBFGS does it.
double search_line(Ray& line, const Sight& start, double first, double reach, int looks);

}  // namespace bpnet
