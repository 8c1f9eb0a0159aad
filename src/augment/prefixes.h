// What a user might say to the answer before, put in front of a prompt to amplify a scorer's
// preference (paper, appendix E).
#pragma once

#include <string>
#include <string_view>

namespace arf {

struct Prefixes {
  std::string_view good, bad;
};

// Of the task's own wording, or one for all tasks. No corpus of ours holds these sentences, so that
// a scorer cannot have learned them.
Prefixes prefixes_for(std::string_view task);

// The prompt behind the prefix.
std::string with_prefix(std::string_view prefix, std::string_view prompt);

}  // namespace arf
