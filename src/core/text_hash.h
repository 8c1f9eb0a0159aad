// Hash of a text for the standard's tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace arf {

// Drawn anew by each process. For tables of what strangers wrote, and nothing that leaves the
// process.
std::uint64_t process_salt();

// Salted so: nobody can write a file whose texts all fall into one bucket, and
// nothing may depend on the order in which such a table is walked.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const;
};

template <class Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;
// Of views: the texts must outlive the table.
using TextViewSet = std::unordered_set<std::string_view, TextHash, std::equal_to<>>;

}  // namespace arf
