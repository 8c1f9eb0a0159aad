// The weights of a folder while a program has them mapped: who writes into their files changes
// them.
#pragma once

#include <filesystem>

#include "core/file_stamps.h"

namespace arf {

class HeldWeights {
 public:
  explicit HeldWeights(const std::filesystem::path& folder);  // before they are read
  // False from a write on, once it was seen: something may have come of it, also where it was
  // undone. One that was undone together with the file's time between two looks is not seen.
  bool is_unwritten();
  void require_unwritten();  // input_error

 private:
  std::filesystem::path folder_;
  FileStamps files_;
  bool is_unwritten_ = true;
};

}  // namespace arf
