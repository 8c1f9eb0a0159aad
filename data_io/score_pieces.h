// Scores of an unfinished run of `arf label`: a file for each piece of its rows, so that whoever
// goes on has to score none of them again (FORMAT.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "records/dialogue.h"

namespace arf {

class ScorePieces {
 public:
  // In this folder, which is there. inputs: a hash of all that the scores depend on.
  ScorePieces(std::filesystem::path folder, std::uint64_t inputs)
      : folder_(std::move(folder)), inputs_(inputs) {}

  // Whole or not at all; resource_error. Processes may write pieces of different numbers side by
  // side.
  void write(std::uint64_t piece, std::span<const Satisfaction> scores) const;
  // None where it is not there, damaged, or of other inputs.
  std::optional<std::vector<Satisfaction>> read(std::uint64_t piece) const;
  // Which of the pieces 0 .. count - 1 have a file; whether one can be read, read() tells.
  std::vector<bool> present(std::uint64_t count) const;
  void remove() const;  // all of them, and the folder

 private:
  std::filesystem::path path_of(std::uint64_t piece) const;
  std::filesystem::path folder_;
  std::uint64_t inputs_;
};

}  // namespace arf
