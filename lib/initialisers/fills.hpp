#pragma once
// Random fills that initialisers share. Element i gets a number made of the draw and i alone.

#include "initialisers/initialiser.hpp"

namespace bpnet {

/// Normal with mean 0.
void fill_normal(std::span<Real> values, double deviation, Draw draw);
/// Uniform between -limit and limit.
void fill_uniform(std::span<Real> values, double limit, Draw draw);
/// The same with the deviation given.
void fill_uniform_of_deviation(std::span<Real> values, double deviation, Draw draw);

/// Deviations that keep the size of what flows forward, through rectifiers, or both ways.
double lecun_deviation(int fan_in);                // LeCun, Bottou, Orr, Mueller 1998
double he_deviation(int fan_in);                   // He, Zhang, Ren, Sun 2015
double glorot_deviation(int fan_in, int fan_out);  // Glorot and Bengio 2010

}  // namespace bpnet
