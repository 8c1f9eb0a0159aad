#include "data_io/safetensors_folder.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/hash.h"
#include "core/json.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

// Tensor -> the shard that the index says.
std::map<std::string, std::string> read_index(const fs::path& path) {
  const SortedJson index = read_sorted_json(path);
  if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object()) {
    input_error("{}: lacks weight_map, the shard of every tensor", path.string());
  }
  std::map<std::string, std::string> shards;
  for (const auto& [tensor, shard] : index["weight_map"].items()) {
    const std::string name = shard.is_string() ? shard.get<std::string>() : "";
    if (name.empty() || fs::path(name).filename() != name) {
      input_error("{}: tensor `{}` has the shard {}, not a file name in this folder", path.string(),
                  tensor, shard.dump());
    }
    shards[tensor] = name;
  }
  return shards;
}

}  // namespace

std::string first_names(const std::vector<std::string>& all) {
  constexpr std::size_t kShown = 12;
  const std::size_t shown = std::min(all.size(), kShown);
  std::string text = fmt::format("{}", fmt::join(all.begin(), all.begin() + shown, ", "));
  if (all.size() > shown) text += fmt::format(" and {} more", all.size() - shown);
  return text;
}

bool SafetensorsFolder::exists_in(const fs::path& directory) {
  return fs::exists(directory / kFile) || fs::exists(directory / kIndex);
}

std::vector<fs::path> SafetensorsFolder::files_in(const fs::path& directory) {
  if (fs::exists(directory / kFile)) return {directory / kFile};
  std::set<fs::path> files;
  if (fs::exists(directory / kIndex)) {
    for (const auto& [tensor, shard] : read_index(directory / kIndex)) {
      files.insert(directory / shard);
    }
  }
  return {files.begin(), files.end()};
}

std::vector<fs::path> SafetensorsFolder::files_looked_at(const fs::path& directory) {
  std::vector<fs::path> files = files_in(directory);
  files.insert(files.end(), {directory / kFile, directory / kIndex});
  return files;
}

std::string SafetensorsFolder::digest_of(const std::vector<fs::path>& files) {
  if (files.size() == 1) return sha256_of_file(files[0]);
  Sha256 all;
  for (const fs::path& path : files) all.update(sha256_of_file(path));
  return all.hex();
}

std::string SafetensorsFolder::digest_in(const fs::path& directory) {
  return digest_of(files_in(directory));
}

std::string SafetensorsFolder::what_is_there(const fs::path& directory) {
  const std::string where = directory.string();
  for (const char* name : {kFile, kIndex}) {
    if (fs::is_symlink(directory / name)) {
      return fmt::format("{}: {} is a link to what is not there (an unfinished download?)", where,
                         name);
    }
  }
  for (const char* pickle : {"pytorch_model.bin", "pytorch_model.bin.index.json"}) {
    if (fs::exists(directory / pickle)) {
      return fmt::format(
          "{}: has {}, Python pickles, which arf does not read; convert it to safetensors "
          "(transformers: save_pretrained)",
          where, pickle);
    }
  }
  return fmt::format("{}: has no {}", where, kFile);
}

SafetensorsFolder SafetensorsFolder::of_file(const fs::path& file) {
  SafetensorsFolder folder;
  folder.path_ = file;
  folder.tensors_ = folder.files_.emplace_back(file).tensors();
  return folder;
}

SafetensorsFolder::SafetensorsFolder(const fs::path& directory) {
  if (!exists_in(directory)) input_error("{}", what_is_there(directory));
  if (fs::exists(directory / kFile)) {
    *this = of_file(directory / kFile);
  } else {
    read_shards(directory / kIndex);
  }
}

void SafetensorsFolder::read_shards(const fs::path& index) {
  path_ = index;
  const std::map<std::string, std::string> expected = read_index(index);
  std::map<std::string, std::vector<std::string>> names;  // of each shard, by the index
  for (const auto& [tensor, shard] : expected) names[shard].push_back(tensor);
  std::vector<std::string> problems;
  for (const auto& [shard, tensors] : names) {
    const SafetensorsFile& file = files_.emplace_back(index.parent_path() / shard);
    for (const std::string& tensor : tensors) {
      if (!file.tensors().contains(tensor)) {
        problems.push_back(fmt::format("{} is not in {}", tensor, shard));
      }
    }
    for (const auto& [tensor, stored] : file.tensors()) {
      const auto said = expected.find(tensor);
      if (said == expected.end()) {
        problems.push_back(fmt::format("{} of {} is not in the index", tensor, shard));
      } else if (said->second != shard) {
        problems.push_back(fmt::format("{} is in {}, too", tensor, shard));
      } else {
        tensors_[tensor] = stored;
      }
    }
  }
  if (!problems.empty()) {
    input_error("{}: the shards do not fit the index: {}", index.string(), first_names(problems));
  }
}

}  // namespace arf
