// Of many strings the longest that a text begins with. They are sorted, and each byte of the text
// narrows the range of those that still fit: O(length of the longest match) steps of a binary
// search each, whatever the strings are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace arf {

class LongestPrefix {
 public:
  struct Entry {
    std::string text;  // empty: never found
    std::int32_t value = 0;
  };
  struct Match {
    std::size_t length = 0;  // bytes
    std::int32_t value = 0;
  };
  LongestPrefix() = default;
  // Of equal texts the first holds.
  explicit LongestPrefix(std::vector<Entry> entries);
  std::optional<Match> find(std::string_view text) const;

 private:
  std::vector<Entry> entries_;                         // sorted by bytes
  std::array<std::uint32_t, 257> first_of_byte_ = {};  // where those that begin with a byte begin
};

}  // namespace arf
