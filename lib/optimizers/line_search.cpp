#include "optimizers/line_search.hpp"

#include <algorithm>
#include <cmath>

namespace bpnet {

namespace {

constexpr double enough_descent = 1e-4, enough_flatness = 0.9, shortest_move = 1e-9;

struct Point {
  double length = 0;
  Sight seen;
};

// Lowest point of the cubic through two points and their slopes, within bounds; the middle if there is none.
double lowest(const Point& a, const Point& b, double low, double high) {
  const double d1 = a.seen.slope + b.seen.slope - 3 * (a.seen.loss - b.seen.loss) / (a.length - b.length);
  const double square = d1 * d1 - a.seen.slope * b.seen.slope;
  const Point &left = a.length <= b.length ? a : b, &right = a.length <= b.length ? b : a;
  const double d2 = std::sqrt(square);
  const double at =
      right.length - (right.length - left.length) *
                         ((right.seen.slope + d2 - d1) / (right.seen.slope - left.seen.slope + 2 * d2));
  if (!(square >= 0) || !std::isfinite(at)) return (low + high) / 2;
  return std::clamp(at, low, high);
}

class Search {
 public:
  Search(Ray& line, const Sight& start, double reach, int looks)
      : line_(line), start_{0, start}, reach_(reach), looks_(looks) {}

  double run(double first) {
    bracket(first);
    if (!done_) zoom();
    return low_.length;
  }

 private:
  Point look(double length) {
    --looks_;
    return {length, line_.at(length)};
  }
  bool too_high(const Point& p) const {
    return p.seen.loss > start_.seen.loss + enough_descent * p.length * start_.seen.slope;
  }
  bool flat(const Point& p) const { return std::abs(p.seen.slope) <= -enough_flatness * start_.seen.slope; }
  void between(const Point& a, const Point& b) {
    const bool first = a.seen.loss <= b.seen.loss;
    low_ = first ? a : b;
    high_ = first ? b : a;
  }

  // Goes on until two points lie around one that will do.
  void bracket(double first) {
    Point before = start_, now = look(first);
    for (int i = 0; looks_ > 0; ++i) {
      if (too_high(now) || (i > 1 && now.seen.loss >= before.seen.loss)) return between(before, now);
      if (flat(now)) {
        low_ = now;
        done_ = true;
        return;
      }
      if (now.seen.slope >= 0) return between(before, now);
      const double next =
          lowest(before, now, now.length + 0.01 * (now.length - before.length), now.length * 10);
      before = now;
      now = look(next);
    }
    between(start_, now);
  }

  void zoom() {
    bool stuck = false;
    while (looks_ > 0 && std::abs(high_.length - low_.length) * reach_ >= shortest_move) {
      const auto [least, most] = std::minmax({low_.length, high_.length});
      double length = lowest(low_, high_, least, most);
      const double margin = 0.1 * (most - least);
      if (std::min(most - length, length - least) >= margin) {
        stuck = false;
      } else if (stuck || length >= most || length <= least) {
        length = std::abs(length - most) < std::abs(length - least) ? most - margin : least + margin;
        stuck = false;
      } else {
        stuck = true;
      }
      const Point now = look(length);
      if (too_high(now) || now.seen.loss >= low_.seen.loss) {
        between(low_, now);
        continue;
      }
      const bool enough = flat(now);
      if (!enough && now.seen.slope * (high_.length - low_.length) >= 0) high_ = low_;
      low_ = now;
      if (enough) return;
    }
  }

  Ray& line_;
  Point start_;
  double reach_;
  int looks_;
  bool done_ = false;
  Point low_, high_;
};

}  // namespace

double search_line(Ray& line, const Sight& start, double first, double reach, int looks) {
  return Search(line, start, reach, looks).run(first);
}

}  // namespace bpnet
