// The corpus after a stream of feedback: stored scores as they stand now, older ones as history.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scoring/examples.h"

namespace arf {

// Copies the corpus at `from` to `to` (which an interrupted run may have left and is made again)
// with the messages' scores; returns its digest. messages: of the corpus of that `digest`, in
// order; input_error where it is another by now.
std::string write_rescored_corpus(const std::filesystem::path& from, const std::string& digest,
                                  const std::filesystem::path& to,
                                  const std::vector<FeedbackMessage>& messages,
                                  const std::string& scorer_digest);

}  // namespace arf
