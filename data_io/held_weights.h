// The weights of a folder while a program has them mapped: who writes into their files changes
// them.
#pragma once

#include <filesystem>
#include <string>

#include "core/file_stamps.h"

namespace arf {

class HeldWeights {
 public:
  explicit HeldWeights(const std::filesystem::path& folder);  // before they are read
  // False from a write on, until require_same() has found the same bytes.
  bool is_unwritten() const { return files_.is_unwritten(); }
  // input_error where the files that are held have another SafetensorsFolder::digest_of by now.
  // They are read only where they were written to, or touched.
  void require_same(const std::string& digest);

 private:
  std::filesystem::path folder_;
  FileStamps files_;
};

}  // namespace arf
