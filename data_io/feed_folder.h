// The folder into which other processes drop files of feedback while `train` runs: each is written
// beside and renamed in, so that one with its name is whole; the names' order is the stream's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace arf {

inline constexpr std::uint64_t kMostFeedFileBytes = 16 << 20;

// NAME.jsonl of letters, digits, `.`, `_` and `-`, at most 200 bytes, no `.` first.
bool is_feed_name(std::string_view name);

class FeedFolder {
 public:
  // input_error where there is no such folder.
  explicit FeedFolder(const std::filesystem::path& folder);

  const std::filesystem::path& path() const { return folder_; }
  // What has a feed's name and is not in `known`, in order of bytes. Of other names that end in
  // .jsonl a warning says once that they are left alone. input_error where it cannot be listed.
  std::vector<std::string> new_names(const std::set<std::string>& known);
  // The whole file. input_error: a link, no file, more than kMostFeedFileBytes, not there any more.
  std::string read(const std::string& name) const;

 private:
  std::filesystem::path folder_;
  std::set<std::string> other_names_;  // that were warned of
};

}  // namespace arf
