// A checkpoint of a run: state.json, then state.safetensors. The hashes in state.json would be
// right in one that a stranger makes: the texts "$numbers" and "$arrays" stand for them.
#include "core/hash.h"
#include "core/json.h"
#include "roles/checkpoint.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;

namespace {

constexpr std::size_t kParameters = 4;
constexpr int kStaleness = 1;
const std::string kStep = "step-000000007";

std::string replaced(std::string text, const std::string& mark, const std::string& value) {
  const std::size_t at = text.find(mark);
  if (at != std::string::npos) text.replace(at, mark.size(), value);
  return text;
}

// Of the numbers and sums of a state.json that can be read.
std::string numbers_sha256(const std::string& text) {
  try {
    check_json_bounds(text, "");
    Json json = Json::parse(text);
    return sha256_hex(json["numbers"].dump() + json["sums"].dump());
  } catch (const std::exception&) {
    return "";
  }
}

void put_checkpoint(const fuzz::Folder& folder, std::string_view json, std::string_view arrays) {
  const std::string tensors = fuzz::safetensors_file(arrays);
  std::string text = replaced(std::string(json), "$arrays", sha256_hex(tensors));
  text = replaced(text, "$numbers", numbers_sha256(text));
  folder.put("read/" + kStep + "/state.json", text);
  folder.put("read/" + kStep + "/state.safetensors", tensors);
}

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
  const auto saved = StateStore(folder.path() / "read").newest();
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  std::filesystem::create_directories(folder.path() / "read" / kStep);
  std::filesystem::create_directories(folder.path() / "written");
  folder.put("read/" + kStep + "/DONE", "done");
  const auto parts = fuzz::parts({reinterpret_cast<const char*>(data), size});
  put_checkpoint(folder, parts[0], parts.size() > 1 ? parts[1] : "");
  fuzz::accept_or_refuse(size, [] { use(folder); });
  return 0;
}
