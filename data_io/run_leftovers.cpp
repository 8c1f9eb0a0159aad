#include "data_io/run_leftovers.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/log.h"
#include "data_io/partial_folder.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string_view>;

constexpr std::string_view kPartial = ".partial";

// As write_file_atomically and SafetensorsWriter leave it.
bool is_partial_file(const fs::path& path, const Names& of) {
  std::error_code failure;
  const std::string name = path.filename();
  return name.ends_with(kPartial) &&
         of.contains(std::string_view(name).substr(0, name.size() - kPartial.size())) &&
         fs::is_regular_file(fs::symlink_status(path, failure));
}

std::vector<fs::path> paths_in(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code failure;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    paths.push_back(at->path());
  }
  return paths;
}

// Of `arf label`: NUMBER.partial, a piece's scores, or shard-NUMBER.h5.partial and
// shard-NUMBER-PART.h5.partial.
bool is_partial_piece(const fs::path& path, std::string_view begin, std::string_view end) {
  std::error_code failure;
  const std::string name = path.filename();
  std::string_view number = name;
  if (!number.starts_with(begin) || !number.ends_with(end)) return false;
  number.remove_prefix(begin.size());
  if (number.size() < end.size()) return false;
  number.remove_suffix(end.size());
  return !number.empty() && number.find_first_not_of("0123456789-") == std::string_view::npos &&
         fs::is_regular_file(fs::symlink_status(path, failure));
}

// step-NUMBER.partial, as StateStore names it, which begins by removing it, too.
bool is_partial_checkpoint(const fs::path& path) {
  constexpr std::string_view kBegin = "step-";
  const std::string name = path.filename();
  if (!name.starts_with(kBegin) || !name.ends_with(kPartial)) return false;
  const std::size_t digits = name.find_first_not_of("0123456789", kBegin.size());
  return digits > kBegin.size() && digits + kPartial.size() == name.size();
}

}  // namespace

void remove_leftovers(const fs::path& run) {
  static const Names files = {"manifest.json",
                              "config.ini",
                              "index.json",
                              "report.html",
                              "trace.json",
                              "config.json",
                              "chat_template.jinja",
                              "adapter_config.json",
                              "adapter_model.safetensors",
                              "tokenizer.json",
                              "tokenizer_config.json",
                              "generation_config.json",
                              "model.safetensors",
                              "replies.jsonl",
                              "evaluation.csv",
                              "evaluation.json"};
  std::error_code ignored;
  const auto remove = [&](const fs::path& path) {
    if (fs::remove_all(path, ignored) > 0 && !ignored) {
      log_info("{}: left by a process that was killed; removed", path.string());
    }
  };
  for (const fs::path& folder : {run, run / "adapter", run / "model"}) {
    for (const fs::path& path : paths_in(folder)) {
      if (is_partial_file(path, files)) remove(path);
    }
  }
  for (const fs::path& path : paths_in(run)) {
    if (is_partial_piece(path, "shard-", ".h5.partial")) remove(path);
  }
  for (const fs::path& path : paths_in(run / "scores")) {
    if (is_partial_piece(path, "", ".partial")) remove(path);
  }
  static const Names dumps = {"unit.json", "policy.safetensors"};  // of units that broke a run
  for (const fs::path& folder : paths_in(run / "broken")) {
    if (!fs::is_directory(fs::symlink_status(folder, ignored))) continue;
    for (const fs::path& path : paths_in(folder)) {
      if (is_partial_file(path, dumps)) remove(path);
    }
  }
  for (const fs::path& path : paths_in(run / "checkpoints")) {
    if (is_partial_checkpoint(path)) remove(path);
  }
  for (const char* made : {"corpus", "scorer"}) remove_left_behind(run / made, Hosts::kAll);
}

}  // namespace arf
