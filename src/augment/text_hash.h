// Hash of a text for the standard's tables.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/hash.h"

namespace arf {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return xxh3(text); }
};

}  // namespace arf
