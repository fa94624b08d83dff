#include <doctest/doctest.h>

#include <limits>

#include "math/functions.hpp"
#include "math/map.hpp"
#include "math_help.hpp"

using bpnet::Real;
using math_test::Numbers;
namespace math = bpnet::math;

namespace {

constexpr Real infinity = std::numeric_limits<Real>::infinity();

/// As the product runs them: through map, in vector code.
template <Real (*F)(Real)>
struct Functor {
  Real value(Real x) const { return F(x); }
};

/// The greatest error in units of the last place over many numbers of all sizes.
template <Real (*F)(Real), class Reference>
double error_of(Reference reference, Real from, Real to) {
  const std::size_t n = 200003;
  const Numbers in(n), out(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto t = static_cast<Real>(i) / static_cast<Real>(n - 1);
    const Real even = from + (to - from) * t, fine = std::exp(Real{60} * t - 50);
    const Real sized =
        i % 4 == 1 ? fine : -fine;  // a quarter each is close to zero, from above and from below
    in[i] = i % 2 == 0 ? even : std::clamp(sized, from, to);
  }
  math::map(Functor<F>{}, in.data(), n, out.data());
  double worst = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const long double exact = reference(static_cast<long double>(in[i]));
    const auto rounded = static_cast<Real>(exact);
    if (std::abs(rounded) < std::numeric_limits<Real>::min()) continue;  // may be flushed to zero
    const long double unit = std::ldexp(1.0L, std::ilogb(rounded) + 1 - std::numeric_limits<Real>::digits);
    const auto error = static_cast<double>(std::abs(static_cast<long double>(out[i]) - exact) / unit);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

Real exp_of(Real x) { return math::exp(x); }
Real exp_up_to_88_of(Real x) { return math::exp_up_to_88(x); }
Real log_of(Real x) { return math::log(x); }
Real log1p_of(Real x) { return math::log1p(x); }
Real tanh_of(Real x) { return math::tanh(x); }
Real below_of(Real x) { return math::normal_share(x); }
Real density_of(Real x) { return math::normal_density(x); }
Real sigmoid_of(Real x) { return math::sigmoid(x); }
Real softplus_of(Real x) { return math::softplus(x); }

}  // namespace

TEST_CASE("functions are right to the last places") {
  CHECK(error_of<exp_of>([](long double x) { return std::exp(x); }, -87, 88) < 1.5);
  CHECK(error_of<exp_up_to_88_of>([](long double x) { return std::exp(x); }, -87, 88) < 1.5);
  CHECK(error_of<log_of>([](long double x) { return std::log(x); }, 1e-30f, 1e30f) < 1.5);
  CHECK(error_of<log_of>([](long double x) { return std::log(x); }, 0.5f, 2) < 1.5);
  CHECK(error_of<log1p_of>([](long double x) { return std::log1p(x); }, -0.99f, 3) < 2);
  CHECK(error_of<tanh_of>([](long double x) { return std::tanh(x); }, -10, 10) < 2.5);
  CHECK(error_of<sigmoid_of>([](long double x) { return 1 / (1 + std::exp(-x)); }, -80, 80) < 3);
  CHECK(error_of<softplus_of>([](long double x) { return std::log1p(std::exp(x)); }, -80, 80) < 3);
}

TEST_CASE("the normal distribution is right to 3e-7") {
  const std::size_t n = 100001;
  const Numbers in(n), below(n), density(n);
  for (std::size_t i = 0; i < n; ++i) in[i] = static_cast<Real>(i) / 5000 - 10;
  math::map(Functor<below_of>{}, in.data(), n, below.data());
  math::map(Functor<density_of>{}, in.data(), n, density.data());
  double worst = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = static_cast<double>(in[i]);
    worst =
        std::max({worst, std::abs(static_cast<double>(below[i]) - std::erfc(-x / std::sqrt(2.0)) / 2),
                  std::abs(static_cast<double>(density[i]) - std::exp(-x * x / 2) / std::sqrt(2 * M_PI))});
  }
  CHECK(worst < 3e-7);
  CHECK(math::normal_share(infinity) == 1);
  CHECK(math::normal_share(-infinity) == 0);
  CHECK(math::normal_density(infinity) == 0);
}

TEST_CASE("functions at the ends") {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  CHECK(math::exp(Real{0}) == 1);
  CHECK(math::exp(Real{1000}) == infinity);
  CHECK(math::exp(infinity) == infinity);
  CHECK(math::exp(Real{-1000}) == 0);
  CHECK(math::exp(-infinity) == 0);
  CHECK(math::exp_up_to_88(Real{0}) == 1);
  CHECK(math::exp_up_to_88(Real{-1000}) == 0);
  CHECK(math::exp_up_to_88(-infinity) == 0);
  CHECK(math::log(Real{1}) == 0);
  CHECK(math::log(Real{0}) == -infinity);
  CHECK(math::log(infinity) == infinity);
  CHECK(std::isnan(math::log(Real{-1})));
  CHECK(math::log1p(Real{-1}) == -infinity);
  CHECK(math::log1p(infinity) == infinity);
  CHECK(std::isnan(math::log1p(Real{-2})));
  CHECK(math::tanh(infinity) == 1);
  CHECK(math::tanh(-infinity) == -1);
  CHECK(math::sigmoid(infinity) == 1);
  CHECK(math::sigmoid(-infinity) == 0);
  CHECK(math::softplus(infinity) == infinity);
  CHECK(math::softplus(-infinity) == 0);
  for (Real y : {math::exp(nan), math::exp_up_to_88(nan), math::log(nan), math::log1p(nan), math::tanh(nan),
                 math::normal_share(nan), math::sigmoid(nan), math::softplus(nan)})
    CHECK(std::isnan(y));
}
