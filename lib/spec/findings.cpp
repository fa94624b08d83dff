#include "spec/findings.hpp"

#include <algorithm>
#include <tuple>

namespace bpnet::spec {

void Findings::add(int order, Place place, std::string message, Help help) {
  if (!full()) found_.push_back({order, {std::move(place), std::move(message), std::move(help)}});
}

void Findings::name(const Node& at, std::string message, Help help) {
  add(at.source ? at.source->order() : 0, at.place(), std::move(message), std::move(help));
}

void Findings::value(const Node& at, std::string message, Help help) {
  Place place = at.place();
  place.length = 0;
  add(at.source ? at.source->order() : 0, std::move(place), std::move(message), std::move(help));
}

void Findings::text(const Source& source, std::size_t offset, std::size_t length, std::string message,
                    Help help) {
  add(source.order(), source.place(offset, length), std::move(message), std::move(help));
}

void Findings::whole(Place place, std::string message, Help help) {
  add(0, std::move(place), std::move(message), std::move(help));
}

void Findings::take(const Error& error, int order) {
  for (const Problem& p : error.problems()) add(order, p.place, p.message, p.help);
}

std::vector<Problem> Findings::take_all() {
  std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) {
    return std::tie(a.order, a.problem.place.line, a.problem.place.column) <
           std::tie(b.order, b.problem.place.line, b.problem.place.column);
  });
  std::vector<Problem> problems;
  for (Found& f : found_) problems.push_back(std::move(f.problem));
  found_.clear();
  return problems;
}

void Findings::raise_if_any() {
  if (any()) throw Error(Fault::configuration, take_all());
}

}  // namespace bpnet::spec
