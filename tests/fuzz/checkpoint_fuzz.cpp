// A checkpoint of `arf train`: state.json, then state.safetensors, as put_checkpoint() takes them.
#include "roles/checkpoint.h"
#include "tests/fuzz/checkpoint_files.h"

using namespace arf;

namespace {

constexpr std::size_t kParameters = 4;
constexpr int kStaleness = 1;

void require_sound(const TrainingState& state) {
  fuzz::require(state.next_iteration >= 0, "an iteration below 0");
  fuzz::require(state.adamw.step >= 0, "a step below 0");
  for (const std::uint64_t bytes : {state.log.metrics.metrics_bytes,
                                    state.log.metrics.tensorboard_bytes, state.log.trail_bytes}) {
    fuzz::require(bytes >> 63 == 0, "a position below 0");
  }
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

// What is written of an accepted state reads as the same.
void use(const fuzz::Folder& folder) {
  const auto saved = StateStore(folder.path() / "checkpoints").newest();
  fuzz::require(saved.has_value(), "no checkpoint where there is one");
  const TrainingState state = read_training_state(*saved, kParameters, kStaleness);
  require_sound(state);
  StateStore store(folder.path() / "written");
  store.write(1, saved_state(state));
  const TrainingState again = read_training_state(*store.newest(), kParameters, kStaleness);
  fuzz::require(
      same_bits(again.parameters, state.parameters) && same_bits(again.adamw.v, state.adamw.v) &&
          again.next_iteration == state.next_iteration && again.older.size() == state.older.size(),
      "a state is not read as it was written");
}

bool accepts(std::string_view input) {
  static const fuzz::Folder folder;
  std::filesystem::create_directories(folder.path() / "written");
  const auto parts = fuzz::parts(input);
  fuzz::put_checkpoint(folder, parts[0], parts.size() > 1 ? parts[1] : "");
  return fuzz::accept_or_refuse(input.size(), [] { use(folder); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool kTakesSeed = accepts(fuzz::seed("checkpoint/whole"));
  fuzz::require(kTakesSeed, "the seed `whole` is refused");
  accepts({reinterpret_cast<const char*>(data), size});
  return 0;
}
