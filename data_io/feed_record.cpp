#include "data_io/feed_record.h"

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "data_io/feed_folder.h"

namespace arf {

namespace {

namespace fs = std::filesystem;

constexpr const char* kLines = "feed.jsonl";
constexpr std::uint64_t kMostMessages = kMostFeedFileBytes;  // of a file: none takes no byte

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

FeedEntry read_entry(const Json& json, const std::string& place) {
  const auto text = [&](const char* key) {
    return json.is_object() && json.contains(key) && json[key].is_string()
               ? json[key].get<std::string>()
               : std::string();
  };
  FeedEntry entry{text("file"), text("sha256"), 0, text("refused")};
  const bool is_taken = entry.refused.empty();
  const bool has_count = is_taken && json.is_object() && json.contains("messages") &&
                         json["messages"].is_number_unsigned();
  if (has_count) entry.messages = json["messages"].get<std::uint64_t>();
  const bool is_whole = is_taken ? is_sha256(entry.sha256) && has_count && entry.messages > 0 &&
                                       entry.messages <= kMostMessages
                                 : entry.sha256.empty();
  if (is_whole && is_feed_name(entry.name)) return entry;
  input_error("{}: is no entry of a recorded feed: {}", place, json.dump());
}

std::vector<FeedEntry> read_line(const std::string& text, std::size_t iteration,
                                 const std::string& place) {
  const Json json = parse_json(text, place);
  if (!json.is_object() || !json.contains("iteration") || json["iteration"] != iteration ||
      !json.contains("files") || !json["files"].is_array()) {
    input_error("{}: is not line {} of a recorded feed, which has `iteration` {} and `files`",
                place, iteration + 1, iteration);
  }
  std::vector<FeedEntry> entries;
  for (const Json& file : json["files"]) entries.push_back(read_entry(file, place));
  return entries;
}

}  // namespace

FeedRecord::FeedRecord(const fs::path& folder) : folder_(folder) { read_lines(); }

void FeedRecord::read_lines() {
  const fs::path path = folder_ / kLines;
  std::error_code failure;
  const bool is_there = fs::exists(path, failure);
  const std::string text = is_there ? read_file(path) : std::string();
  for (std::size_t end; (end = text.find('\n', bytes_)) != std::string::npos; bytes_ = end + 1) {
    const std::string place = fmt::format("{}:{}", path.string(), lines_.size() + 1);
    push(read_line(text.substr(bytes_, end - bytes_), lines_.size(), place));
  }
  sha256_ = sha256_hex(std::string_view(text).substr(0, bytes_));
}

void FeedRecord::open() {
  make_directories(folder_);
  sync_name(folder_);
  for (const auto& entry : fs::directory_iterator(folder_)) {  // of a process that was killed
    std::error_code ignored;
    const bool is_left = entry.path().string().ends_with(".jsonl.partial");
    if (is_left && entry.is_regular_file(ignored)) fs::remove(entry.path(), ignored);
  }
  file_.emplace(folder_ / kLines, bytes_, Records::kLines);
  sync_name(folder_ / kLines);
}

const std::vector<FeedEntry>& FeedRecord::at(std::int64_t iteration) const {
  return lines_.at(static_cast<std::size_t>(iteration));
}

void FeedRecord::push(std::vector<FeedEntry> entries) {
  std::uint64_t messages = before_.back();
  for (const FeedEntry& entry : entries) messages += entry.messages;
  before_.push_back(messages);
  lines_.push_back(std::move(entries));
}

fs::path FeedRecord::path_of(std::int64_t iteration, const std::string& name) const {
  return folder_ / fmt::format("{:09}-{}", iteration, name);
}

std::string FeedRecord::content(std::int64_t iteration, const FeedEntry& entry) const {
  const fs::path path = path_of(iteration, entry.name);
  std::string bytes = read_file(path, kMostFeedFileBytes);
  if (sha256_hex(bytes) != entry.sha256) {
    input_error("{}: has changed since it was taken; {} says SHA-256 {}", path.string(),
                (folder_ / kLines).string(), entry.sha256);
  }
  return bytes;
}

void FeedRecord::add(const std::vector<FeedEntry>& entries,
                     const std::vector<std::string>& contents) {
  ARF_CHECK(file_ && contents.size() == entries.size(), "{} files, {} contents", entries.size(),
            contents.size());
  Json files = Json::array();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const FeedEntry& entry = entries[i];
    if (!entry.refused.empty()) {
      files.push_back({{"file", entry.name}, {"refused", entry.refused}});
      continue;
    }
    write_file_atomically(path_of(boundaries(), entry.name), contents[i]);
    files.push_back({{"file", entry.name}, {"sha256", entry.sha256}, {"messages", entry.messages}});
  }
  const Json line = {{"iteration", boundaries()}, {"files", std::move(files)}};
  file_->add(line.dump() + "\n");
  if (!entries.empty()) file_->sync();
  push(entries);
}

}  // namespace arf
