// The tensors of a Hugging Face model folder: one file, or shards with their index.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "data_io/safetensors.h"

namespace arf {

class SafetensorsFolder {
 public:
  // Maps model.safetensors, or the shards that model.safetensors.index.json names. input_error: a
  // damaged file; tensors that stand twice, are not in the shard that the index says or not in the
  // index, each named.
  explicit SafetensorsFolder(const std::filesystem::path& directory);
  // One file of any name.
  static SafetensorsFolder of_file(const std::filesystem::path& file);
  static bool exists_in(const std::filesystem::path& directory);
  // The files that the constructor maps, in the order of their names; none where there are none.
  static std::vector<std::filesystem::path> files_in(const std::filesystem::path& directory);
  // Those, and the two of fixed names that decide which they are, whether they are there or not.
  static std::vector<std::filesystem::path> files_looked_at(const std::filesystem::path& directory);
  // SHA-256 of such files: that of one, or of the digests of several.
  static std::string digest_of(const std::vector<std::filesystem::path>& files);
  // The same of files_in().
  static std::string digest_in(const std::filesystem::path& directory);
  // The sentence, with its folder, of one where they are not: a link to nothing, pickles, none.
  static std::string what_is_there(const std::filesystem::path& directory);

  const std::map<std::string, StoredTensor>& tensors() const { return tensors_; }  // mapped
  const std::filesystem::path& path() const { return path_; }  // the file, or the index

 private:
  SafetensorsFolder() = default;
  void read_shards(const std::filesystem::path& index);

  std::filesystem::path path_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string, StoredTensor> tensors_;
};

// "a, b, c and 9 more": the first of many names, for messages.
std::string first_names(const std::vector<std::string>& all);

}  // namespace arf
