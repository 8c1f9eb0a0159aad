// Checkpoints of a scorer in training: OUTPUT/checkpoints/step-N, complete or absent, the two
// newest kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "data_io/tensorboard.h"

namespace arf {

// What must survive a kill, by name; float32 arrays keep their bits.
struct SavedState {
  std::map<std::string, std::vector<float>> arrays;
  std::map<std::string, std::int64_t> numbers;
  std::map<std::string, double> sums;  // kept with all their bits
  std::filesystem::path path;          // where it was read from

  // input_error where it is missing or has another size.
  const std::vector<float>& array(const std::string& name, std::size_t size) const;
  const std::vector<float>& array(const std::string& name) const;
  std::int64_t number(const std::string& name) const;
  double sum(const std::string& name) const;
};

class StateStore {
 public:
  explicit StateStore(const std::filesystem::path& folder) : folder_(folder) {}

  // Beside, then renamed; a marker DONE is written last. Older ones but one are removed.
  void write(std::int64_t step, const SavedState& state) const;
  // The newest complete one. input_error where it is damaged.
  std::optional<SavedState> newest() const;

 private:
  std::vector<std::int64_t> complete_steps() const;  // ascending
  std::filesystem::path path_of(std::int64_t step) const;
  std::filesystem::path folder_;
};

// metrics.jsonl, one object an iteration, and the same numbers for TensorBoard
// (events.out.tfevents.arf); both written through at once.
class MetricsFile {
 public:
  // Keeps the lines of an interrupted run whose "iteration" is at most `last_iteration`.
  MetricsFile(const std::filesystem::path& directory, std::int64_t last_iteration);
  // Puts the time first: "time" in seconds since 1970.
  void add(const Json& line);
  const std::vector<Json>& lines() const { return lines_; }  // of the whole run

 private:
  void add_event(const Json& line);
  std::filesystem::path path_;
  TensorBoardWriter events_;
  std::vector<Json> lines_;
};

}  // namespace arf
