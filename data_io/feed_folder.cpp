#include "data_io/feed_folder.h"

#include <algorithm>

#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "core/utf8.h"

namespace arf {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".jsonl";
constexpr std::size_t kMostNameBytes = 200;  // an iteration's number comes before it

}  // namespace

bool is_feed_name(std::string_view name) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return name.size() > kEnding.size() && name.size() <= kMostNameBytes && name.front() != '.' &&
         name.ends_with(kEnding) && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

FeedFolder::FeedFolder(const fs::path& folder) : folder_(folder) {
  std::error_code failure;
  if (!fs::is_directory(folder_, failure)) {
    input_error("--feed.path {}: there is no such folder; make it before the run",
                folder_.string());
  }
}

std::vector<std::string> FeedFolder::new_names(const std::set<std::string>& known) {
  std::vector<std::string> names;
  std::error_code failure;
  for (fs::directory_iterator at(folder_, failure), end; !failure && at != end;
       at.increment(failure)) {
    std::string name = at->path().filename().string();
    if (!is_feed_name(name)) {
      if (name.ends_with(kEnding) && name.front() != '.' && other_names_.insert(name).second) {
        log_warning(
            "{}: {}: is left alone: a file of feedback has a name of letters, digits, `.`, `_` "
            "and `-`, at most {} bytes",
            folder_.string(), printable(name), kMostNameBytes);
      }
    } else if (!known.contains(name)) {
      names.push_back(std::move(name));
    }
  }
  if (failure) input_error("{}: cannot be listed: {}", folder_.string(), failure.message());
  std::sort(names.begin(), names.end());
  return names;
}

std::string FeedFolder::read(const std::string& name) const {
  const fs::path path = folder_ / name;
  std::error_code failure;
  const fs::file_status status = fs::symlink_status(path, failure);
  if (status.type() == fs::file_type::not_found) {
    input_error("{}: is not there any more; a file of feedback stays until it was taken",
                path.string());
  }
  if (fs::is_symlink(status)) {
    input_error("{}: is a symbolic link; rename a file into the folder", path.string());
  }
  return read_file(path, kMostFeedFileBytes);
}

}  // namespace arf
