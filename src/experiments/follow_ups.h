// The premise of the method as a data set: what a user writes next, labelled with what the response
// before it earned by the user's own rating.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace arf {

// Of each response with a satisfaction that a user's turn follows, a row of one user's turn: that
// turn's text under the response's satisfaction, in order; `source` names them. Returns the number
// of rows; input_error where there is none.
std::uint64_t write_follow_ups(const std::filesystem::path& from, const std::string& source,
                               const std::filesystem::path& to);

}  // namespace arf
