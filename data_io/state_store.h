// Checkpoints of a run: checkpoints/step-N, complete or absent, the two newest kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace arf {

// Beyond what any run comes to, and so that sums of them fit.
inline constexpr std::int64_t kMostSteps = (std::int64_t{1} << 44) - 1;

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
  // input_error where it is missing or not in this range: a run's directory may come from
  // elsewhere.
  std::int64_t number(const std::string& name, std::int64_t least, std::int64_t most) const;
  double sum(const std::string& name) const;
  // input_error where number("inputs"), a hash of what the run is made from, is another.
  void require_inputs(std::int64_t hash) const;
};

// Whether both files of a checkpoint are what was written, by the hashes that it keeps of them.
bool is_whole_checkpoint(const std::filesystem::path& folder);

class StateStore {
 public:
  explicit StateStore(const std::filesystem::path& folder) : folder_(folder) {}

  // Beside, then renamed; a marker DONE is written last. Older ones are removed but for the last
  // one that was written or read; whatever has the name of a later one is left alone.
  void write(std::int64_t step, const SavedState& state);
  // The newest that is whole; damaged ones after it are removed with a warning. input_error where
  // all are damaged.
  std::optional<SavedState> newest();

 private:
  std::optional<SavedState> read(const std::filesystem::path& path) const;  // nothing: damaged
  std::vector<std::int64_t> complete_steps() const;                         // ascending
  std::filesystem::path path_of(std::int64_t step) const;
  std::filesystem::path folder_;
  std::optional<std::int64_t> last_;  // written or read: it is good
};

}  // namespace arf
