// The weights of a folder while a program has them mapped: who writes into their files changes
// them.
#pragma once

#include <filesystem>

#include "core/file_stamps.h"

namespace arf {

class HeldWeights {
 public:
  explicit HeldWeights(const std::filesystem::path& folder);  // before they are read
  // False from a write on. One that was undone counts, too: something may have come of it.
  bool is_unwritten() const { return files_.is_unwritten(); }
  void require_unwritten() const;  // input_error

 private:
  std::filesystem::path folder_;
  FileStamps files_;
};

}  // namespace arf
