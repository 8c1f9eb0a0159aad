// What a run of `train` took from its feed, and at which iteration: RUN/feed/feed.jsonl, a line a
// boundary, and beside it a copy of each file that was taken, ITERATION-NAME. A run that goes on,
// or another one that replays it, takes the same.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "data_io/append_file.h"

namespace arf {

// One file at a boundary.
struct FeedEntry {
  std::string name;
  std::string sha256;          // of its bytes; "": it was refused
  std::uint64_t messages = 0;  // that it holds
  std::string refused;         // why it was not taken
  bool operator==(const FeedEntry&) const = default;
};

class FeedRecord {
 public:
  // What is there, if anything; a torn last line is left out. input_error: lines that no run
  // writes.
  explicit FeedRecord(const std::filesystem::path& folder);
  // For who adds to it: makes the folder, cuts the torn line.
  void open();

  // Boundaries 0 .. boundaries() - 1 are recorded.
  std::int64_t boundaries() const { return static_cast<std::int64_t>(lines_.size()); }
  const std::vector<FeedEntry>& at(std::int64_t iteration) const;
  // Of boundaries before this one.
  std::uint64_t messages_before(std::int64_t iteration) const {
    return before_.at(static_cast<std::size_t>(iteration));
  }
  std::string hash() const { return sha256_; }  // of the lines as they were read

  std::filesystem::path path_of(std::int64_t iteration, const std::string& name) const;
  // The bytes that were taken. input_error: not those any more.
  std::string content(std::int64_t iteration, const FeedEntry& entry) const;
  // Boundary boundaries(): contents[i] are the bytes of entries[i], which is durable then, unless
  // there is none: such a line is only written, so that a process that is killed keeps it.
  void add(const std::vector<FeedEntry>& entries, const std::vector<std::string>& contents);

 private:
  void read_lines();
  void push(std::vector<FeedEntry> entries);

  std::filesystem::path folder_;
  std::vector<std::vector<FeedEntry>> lines_;
  std::vector<std::uint64_t> before_{0};  // messages before each boundary, and in all
  std::uint64_t bytes_ = 0;               // of whole lines
  std::string sha256_;
  std::optional<AppendFile> file_;
};

}  // namespace arf
