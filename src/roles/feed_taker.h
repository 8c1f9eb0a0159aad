// Rank 0's part of a feed: what a boundary brings, from the run's own record, from the watched
// folder, or from the record of a run that is replayed; recorded before anybody sees it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "data_io/feed_folder.h"
#include "data_io/feed_record.h"
#include "data_io/state_store.h"
#include "exchange/conversation.h"
#include "scoring/feed_settings.h"

namespace arf {

class FeedTaker {
 public:
  // Of one boundary; what a file has beyond waits for the next.
  static constexpr std::uint64_t kMostBytes = kMostFeedFileBytes;

  // input_error: no folder to watch, or no record to replay.
  explicit FeedTaker(const FeedSettings& settings);
  // SHA-256 of what is replayed, on which the result depends; "" where a folder is watched.
  std::string hash() const { return replayed_ ? replayed_->hash() : ""; }
  // Before the first take(): the run's directory. input_error where its record is damaged.
  void open(const std::filesystem::path& run);

  // The boundary before iteration `iteration`; each follows the one before, or is recorded already.
  // A file that cannot be taken is a warning and an entry of the record, or with on_error stop an
  // input_error; what is wrong with a file that was taken once is one in any case.
  FeedBoundary take(std::int64_t iteration);
  // input_error where the scorer of a checkpoint of this iteration has taken another number of
  // messages than is recorded before it.
  void require_messages(const SavedState& scorer, std::int64_t iteration) const;

 private:
  struct New {
    std::vector<FeedEntry> entries;
    std::vector<std::string> contents;  // of each
    std::uint64_t bytes = 0;
  };
  void take_new();
  void take_replayed(std::int64_t iteration);
  bool read_new(const std::string& name, New* found);
  std::vector<std::string> new_names();
  void know(const std::vector<FeedEntry>& entries);
  bool reads_reactions() const { return !settings_.static_scorer.empty(); }

  FeedSettings settings_;
  std::optional<FeedFolder> folder_;
  std::optional<FeedRecord> replayed_, record_;
  std::set<std::string> known_;  // files that were taken or refused
  std::string newest_;           // that was taken: the greatest name
  bool is_listed_ = true;
};

}  // namespace arf
