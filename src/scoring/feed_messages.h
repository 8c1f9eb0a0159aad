// What a file of feedback says (data_io/FORMAT.md, "A feed").
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "records/feedback.h"

namespace arf {

inline constexpr std::size_t kMostFeedTextBytes = 64 << 10;  // of one text; more is no chat's

// Every reply that has a satisfaction, or a user's turn after it, in order. place: the file, for
// messages. reads_reactions: a static scorer is there for replies without a satisfaction.
// input_error "PLACE:LINE: ...": no JSON, no UTF-8, other fields, a text that is too long, a
// reaction without a word, a line or file without feedback.
std::vector<Feedback> parse_feed(std::string_view bytes, const std::string& place,
                                 bool reads_reactions);

}  // namespace arf
