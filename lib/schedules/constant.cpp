#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {
struct Constant final : Schedule {
 protected:
  double shape(const Progress&) const override { return 1; }
};
}  // namespace

extern const Entry constant = {
    "constant",
    "the learning rate as it is",
    "ConstantLR none fixed constant_schedule constant_with_warmup warmup_constant_schedule",
    "constant: {warmup: 5 epochs}",
    "",
    make<Constant>};

}  // namespace bpnet::schedule_entries
