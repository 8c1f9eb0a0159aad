#include "text/longest_prefix.h"

#include <algorithm>

namespace arf {

LongestPrefix::LongestPrefix(std::vector<Entry> entries) : entries_(std::move(entries)) {
  std::erase_if(entries_, [](const Entry& entry) { return entry.text.empty(); });
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const Entry& a, const Entry& b) { return a.text < b.text; });
  const auto same = [](const Entry& a, const Entry& b) { return a.text == b.text; };
  entries_.erase(std::unique(entries_.begin(), entries_.end(), same), entries_.end());
  for (const Entry& entry : entries_)
    ++first_of_byte_[static_cast<unsigned char>(entry.text[0]) + 1];
  for (std::size_t byte = 1; byte < first_of_byte_.size(); ++byte) {
    first_of_byte_[byte] += first_of_byte_[byte - 1];
  }
}

std::optional<LongestPrefix::Match> LongestPrefix::find(std::string_view text) const {
  if (text.empty()) return {};
  const auto first = static_cast<unsigned char>(text[0]);
  auto low = entries_.begin() + first_of_byte_[first],
       high = entries_.begin() + first_of_byte_[first + 1u];
  std::optional<Match> longest;
  // All of [low, high) begin with the text's first `length` bytes; the shortest stands first.
  for (std::size_t length = 1; low < high; ++length) {
    if (low->text.size() == length) {
      longest = {length, low->value};
      ++low;
    }
    if (length == text.size()) break;
    const auto next = static_cast<unsigned char>(text[length]);
    const auto byte_of = [length](const Entry& entry) {
      return static_cast<unsigned char>(entry.text[length]);
    };
    low = std::partition_point(low, high, [&](const Entry& e) { return byte_of(e) < next; });
    high = std::partition_point(low, high, [&](const Entry& e) { return byte_of(e) == next; });
  }
  return longest;
}

}  // namespace arf
