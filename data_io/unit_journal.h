// Units that were finished since the last checkpoint, so that a run that goes on does not work on
// them again: journal/ITERATION-RANK-N, which the rank that finished them appends to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace arf {

class UnitJournal {
 public:
  using Place = std::pair<std::int64_t, std::uint32_t>;  // iteration, unit

  UnitJournal(const std::filesystem::path& folder, int rank) : folder_(folder), rank_(rank) {}
  // The hash of what units depend on beside the policy; units of other inputs are not read. Before
  // anything else.
  void set_inputs(std::uint64_t hash) { inputs_ = hash; }
  ~UnitJournal();
  UnitJournal(const UnitJournal&) = delete;
  UnitJournal& operator=(const UnitJournal&) = delete;

  // Whether this host sees the run's directory; a rank that does not keeps no journal.
  bool has_folder() const;
  // Written through to the system, so that it outlives the process; not to the disk, since what a
  // host loses that stops is only made again. resource_error where it cannot be written.
  void add(std::int64_t iteration, std::uint32_t unit, std::span<const std::byte> bytes);

  // Where a unit stands.
  struct Record {
    std::filesystem::path file;
    std::uint64_t offset = 0;  // bytes
  };
  // What is whole of iterations from `first` on, and of these inputs (a file of others is warned
  // of); a file's torn end is left out. Memory: one unit. input_error where the folder is a
  // symbolic link.
  std::map<Place, Record> find(std::int64_t first) const;
  // The bytes that were added. resource_error where they are not there any more.
  static std::vector<std::byte> read(const Record& record);
  // Removes the files of iterations before `first`.
  void forget(std::int64_t first) const;
  void remove() const;  // all of it, with its folder

 private:
  void open(std::int64_t iteration);
  std::filesystem::path folder_;
  int rank_;
  std::uint64_t inputs_ = 0;
  int file_ = -1;
  std::int64_t iteration_ = -1;  // of file_
};

}  // namespace arf
