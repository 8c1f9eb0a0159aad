#include "roles/feed_taker.h"

#include <algorithm>

#include "core/error.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/utf8.h"
#include "scoring/feed_messages.h"

namespace arf {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "feed";  // of a run

}  // namespace

FeedTaker::FeedTaker(const FeedSettings& settings) : settings_(settings) {
  if (!settings_.path.empty()) {
    folder_.emplace(settings_.path);
    return;
  }
  const fs::path folder = fs::path(settings_.replay) / kFolder;
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) {
    input_error(
        "--feed.replay {}: there is no {}; name the folder of a run of `arf train` that had a feed",
        settings_.replay, folder.string());
  }
  replayed_.emplace(folder);
}

void FeedTaker::open(const fs::path& run) {
  record_.emplace(run / kFolder);
  record_->open();
  for (std::int64_t i = 0; i < record_->boundaries(); ++i) know(record_->at(i));
}

void FeedTaker::know(const std::vector<FeedEntry>& entries) {
  for (const FeedEntry& entry : entries) {
    known_.insert(entry.name);
    if (entry.refused.empty()) newest_ = std::max(newest_, entry.name);
  }
}

FeedBoundary FeedTaker::take(std::int64_t iteration) {
  ARF_CHECK(iteration <= record_->boundaries(), "boundary {} after {}", iteration,
            record_->boundaries());
  if (iteration == record_->boundaries()) replayed_ ? take_replayed(iteration) : take_new();
  FeedBoundary boundary;
  for (const FeedEntry& entry : record_->at(iteration)) {
    ++(entry.refused.empty() ? boundary.files : boundary.refused);
    if (!entry.refused.empty()) continue;
    const std::string place = record_->path_of(iteration, entry.name).string();
    const auto messages = parse_feed(record_->content(iteration, entry), place, reads_reactions());
    if (messages.size() != entry.messages) {
      input_error("{}: has {} messages where its record says {}", place, messages.size(),
                  entry.messages);
    }
    boundary.messages.insert(boundary.messages.end(), messages.begin(), messages.end());
  }
  boundary.messages_so_far = record_->messages_before(iteration + 1);
  if (boundary.files > 0) {
    log_info("iteration {}: {} messages of feedback in {} files; {} so far", iteration,
             boundary.messages.size(), boundary.files, boundary.messages_so_far);
  }
  return boundary;
}

void FeedTaker::require_messages(const SavedState& scorer, std::int64_t iteration) const {
  const bool is_there = iteration <= record_->boundaries();
  const auto recorded =
      static_cast<std::int64_t>(is_there ? record_->messages_before(iteration) : std::uint64_t{0});
  if (is_there && scorer.number("messages") == recorded) return;
  input_error(
      "{}: its scorer has taken {} messages, and the feed that the run has recorded is another "
      "one; bring feed/ back, or remove the run's folder to start afresh",
      scorer.path.string(), scorer.number("messages"));
}

// A folder that cannot be listed for a while brings nothing for a while.
std::vector<std::string> FeedTaker::new_names() {
  try {
    auto names = folder_->new_names(known_);
    is_listed_ = true;
    return names;
  } catch (const Error& error) {
    if (settings_.on_error == "stop") throw;
    if (is_listed_) log_warning("{}; until it can be, no feedback is taken", error.what());
    is_listed_ = false;
    return {};
  }
}

void FeedTaker::take_new() {
  New found;
  for (const std::string& name : new_names()) {
    if (settings_.files > 0 && found.entries.size() >= std::size_t(settings_.files)) break;
    if (!read_new(name, &found)) break;
  }
  record_->add(found.entries, found.contents);
  know(found.entries);
}

// False: it waits for the next boundary.
bool FeedTaker::read_new(const std::string& name, New* found) {
  FeedEntry entry{name, "", 0, ""};
  std::string bytes;
  try {
    if (name < newest_) {
      input_error(
          "{}: comes after {}, which was taken, and sorts before it: the names' order is "
          "the feedback's",
          (folder_->path() / name).string(), newest_);
    }
    bytes = folder_->read(name);
    if (found->bytes + bytes.size() > kMostBytes) return false;
    entry.messages = parse_feed(bytes, (folder_->path() / name).string(), reads_reactions()).size();
    entry.sha256 = sha256_hex(bytes);
    found->bytes += bytes.size();
  } catch (const Error& error) {
    if (settings_.on_error == "stop" || error.code() != ExitCode::kInput) throw;
    entry.refused = printable(error.what(), kUncut);
    bytes.clear();
    log_warning("{}; the file is not taken, now or later", error.what());
  }
  found->entries.push_back(std::move(entry));
  found->contents.push_back(std::move(bytes));
  return true;
}

void FeedTaker::take_replayed(std::int64_t iteration) {
  std::vector<FeedEntry> entries;
  if (iteration < replayed_->boundaries()) entries = replayed_->at(iteration);
  std::vector<std::string> contents;
  for (const FeedEntry& entry : entries) {
    contents.push_back(entry.refused.empty() ? replayed_->content(iteration, entry) : "");
    if (!entry.refused.empty()) log_warning("{}; it was not taken", entry.refused);
  }
  record_->add(entries, contents);
}

}  // namespace arf
