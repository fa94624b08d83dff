#pragma once
// Where in a picture the reasons for an answer lie.

#include <optional>
#include <string>
#include <vector>

#include "report/bitmap.hpp"
#include "tasks/task.hpp"

namespace bpnet {

enum class HeatMethod : std::uint8_t {
  automatic,  // grad_cam where it can be done
  grad_cam,   // Selvaraju et al. 2017, on the last layers whose outputs are images still
  gradient,   // Simonyan, Vedaldi, Zisserman 2013: how much the answer depends on each pixel
};

struct HeatMap {
  HeatMethod method = HeatMethod::gradient;
  std::string layers;         // whose outputs grad_cam looked at
  int height = 0, width = 0;  // of the picture
  std::vector<Real>
      values;  // (height, width), 0 to 1, the greatest 1; or all 0: nothing speaks for the answer
};

/// Of the first input that is a picture, of which there must be one. `label`: a class of the target, or 0
/// where that is a number. None if it is to be grad_cam and no layer puts out an image of 2 x 2 or more.
std::optional<HeatMap> heat_map(Learner& learner, const Rows& rows, std::int64_t row, std::size_t target,
                                std::size_t label, HeatMethod method);

/// The picture, and beside it its greys, half as bright, under the map, from black over red and yellow to
/// white.
Bitmap heat_picture(const SeenPictures& picture, const HeatMap& map, const std::string& left,
                    const std::string& right);

}  // namespace bpnet
