#include "spec/table.hpp"
#include "augmentations/augmentation.hpp"

#define AUGMENTATIONS(X) \
  X(flip)                \
  X(crop)                \
  X(shift)               \
  X(rotate)              \
  X(scale)               \
  X(brightness)          \
  X(contrast)            \
  X(saturation)          \
  X(cutout)              \
  X(mixup)               \
  X(cutmix)              \
  X(random_augment)

namespace bpnet {
BPNET_TABLE(augmentations, "augmentation", "augmentations", augmentation_entries, AUGMENTATIONS)
}
