// Numbers that are numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace arf {

inline bool is_finite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return std::isfinite(value); });
}

}  // namespace arf
