#include "data_io/state_store.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/log.h"
#include "data_io/safetensors.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKept = 2;
constexpr const char* kArrays = "state.safetensors";
const std::string kFolderPrefix = "step-";

std::string arrays_bytes(const SavedState& state) {
  std::vector<TensorToStore> tensors;
  for (const auto& [name, values] : state.arrays) {
    tensors.push_back({name,
                       "F32",
                       {static_cast<std::int64_t>(values.size())},
                       std::as_bytes(std::span(values))});
  }
  return safetensors_bytes(std::move(tensors));
}

void read_arrays(const fs::path& path, SavedState* state) {
  const SafetensorsFile file(path);
  for (const auto& [name, stored] : file.tensors()) {
    if (stored.dtype != "F32") input_error("{}: `{}` is not F32", path.string(), name);
    std::vector<float>& values = state->arrays[name];
    values.resize(stored.bytes.size() / sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), stored.bytes.data(), stored.bytes.size());
  }
}

// Of what state.json holds beside the sums themselves.
std::string numbers_sha256(const Json& json) {
  return sha256_hex(json["numbers"].dump() + json["sums"].dump());
}

// Whether `json` has an object of this name, all of whose values are `right`.
bool has_numbers(const Json& json, const char* name, bool (Json::*right)() const noexcept) {
  if (!json.contains(name) || !json[name].is_object()) return false;
  return std::all_of(json[name].begin(), json[name].end(),
                     [&](const Json& value) { return (value.*right)(); });
}

// What state.json holds where both files are what was written; else null.
Json whole_numbers(const fs::path& checkpoint) {
  const fs::path numbers = checkpoint / "state.json", arrays = checkpoint / kArrays;
  if (!fs::exists(numbers) || !fs::is_regular_file(arrays)) return nullptr;
  const Json json = json_if_valid(read_file(numbers, kMostJsonBytes));
  if (!json.is_object()) return nullptr;
  const auto text = [&](const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : "";
  };
  // The size first: a file of another one, sparse terabytes maybe, is not read for its hash.
  const bool is_whole = has_numbers(json, "numbers", &Json::is_number_integer) &&
                        has_numbers(json, "sums", &Json::is_number_unsigned) &&
                        text("numbers_sha256") == numbers_sha256(json) &&
                        json.contains("arrays_bytes") &&
                        json["arrays_bytes"] == size_of_file(arrays) &&
                        text("arrays_sha256") == sha256_of_file(arrays);
  return is_whole ? json : Json(nullptr);
}

template <typename Map>
const typename Map::mapped_type& find(const Map& map, const std::string& name,
                                      const fs::path& path) {
  const auto found = map.find(name);
  if (found == map.end()) input_error("{}: the checkpoint lacks `{}`", path.string(), name);
  return found->second;
}

// They would be taken for the newest, of which two are kept.
void remove_damaged(const std::vector<fs::path>& checkpoints) {
  for (std::size_t i = 0; i < checkpoints.size(); ++i) {
    if (i < kKept) {  // no run keeps more
      log_warning("{}: the checkpoint is damaged, and removed; going on from the one before",
                  checkpoints[i].string());
    }
    std::error_code ignored;
    fs::remove_all(checkpoints[i], ignored);
  }
  if (checkpoints.size() > kKept) {
    log_warning("{}: {} more checkpoints are damaged, and removed",
                checkpoints.back().parent_path().string(), checkpoints.size() - kKept);
  }
}

}  // namespace

const std::vector<float>& SavedState::array(const std::string& name, std::size_t size) const {
  const std::vector<float>& values = array(name);
  if (values.size() != size) {
    input_error("{}: `{}` has {} numbers and this run needs {}; the checkpoint is another run's",
                path.string(), name, values.size(), size);
  }
  return values;
}

const std::vector<float>& SavedState::array(const std::string& name) const {
  return find(arrays, name, path);
}
std::int64_t SavedState::number(const std::string& name) const { return find(numbers, name, path); }
std::int64_t SavedState::number(const std::string& name, std::int64_t least,
                                std::int64_t most) const {
  const std::int64_t value = number(name);
  if (value < least || value > most) {
    const std::string right =
        least == most ? fmt::format("{}", most) : fmt::format("from {} to {}", least, most);
    input_error("{}: `{}` is {} and has to be {}; remove the run's folder to start afresh",
                path.string(), name, value, right);
  }
  return value;
}
double SavedState::sum(const std::string& name) const { return find(sums, name, path); }

void SavedState::require_inputs(std::int64_t hash) const {
  if (number("inputs") == hash) return;
  input_error(
      "{}: was made from other inputs (a corpus, a model, an encoder, a scorer, a tokenizer, a "
      "setting or the processor's arithmetic has changed since); name another --output, or bring "
      "them back",
      path.string());
}

fs::path StateStore::path_of(std::int64_t step) const {
  return folder_ / fmt::format("{}{:09}", kFolderPrefix, step);
}

void StateStore::write(std::int64_t step, const SavedState& state) {
  const fs::path path = path_of(step), beside = path.string() + ".partial";
  std::error_code ignored;
  fs::remove_all(beside, ignored);
  make_directories(beside);
  // A power cut must take neither folder_ itself nor the run's files, whose ends the state names.
  sync_name(folder_);
  Json json = {{"step", step}, {"numbers", state.numbers}, {"sums", Json::object()}};
  for (const auto& [name, value] : state.sums) {
    json["sums"][name] = std::bit_cast<std::uint64_t>(value);
  }
  const std::string arrays = arrays_bytes(state);
  json["arrays_bytes"] = arrays.size();
  json["arrays_sha256"] = sha256_hex(arrays);
  json["numbers_sha256"] = numbers_sha256(json);
  write_file_atomically(beside / kArrays, arrays);
  write_file_atomically(beside / "state.json", json.dump(2) + "\n");
  write_file_atomically(beside / "DONE", "");
  fs::remove_all(path, ignored);
  std::error_code error;
  fs::rename(beside, path, error);
  if (error) resource_error("{}: cannot be renamed: {}", beside.string(), error.message());
  sync_name(path);
  // Not by their numbers alone: what cannot be read, or is a stranger's, must cost no good one.
  auto older = complete_steps();
  std::erase_if(older, [step](std::int64_t other) { return other >= step; });
  // One that is written again is not the one before itself.
  const bool has_one_before = last_ && *last_ < step;
  if (!has_one_before && !older.empty()) last_ = older.back();
  for (const std::int64_t other : older) {
    if (other != last_) fs::remove_all(path_of(other), ignored);
  }
  last_ = step;
}

std::vector<std::int64_t> StateStore::complete_steps() const {
  std::vector<std::int64_t> steps;
  if (!fs::is_directory(folder_)) return steps;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename();
    std::error_code failure;  // a folder that cannot be looked into counts: read() says so
    const bool is_done = fs::exists(entry.path() / "DONE", failure) || failure;
    if (!name.starts_with(kFolderPrefix) || !is_done) continue;
    const std::string digits = name.substr(kFolderPrefix.size());
    if (digits.find_first_not_of("0123456789") != std::string::npos || digits.size() >= 19)
      continue;
    const std::int64_t step = std::stoll("0" + digits);
    if (path_of(step).filename() == name) steps.push_back(step);  // and no other spelling of it
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

std::optional<SavedState> StateStore::newest() {
  const auto steps = complete_steps();
  if (steps.empty()) return std::nullopt;
  std::vector<fs::path> damaged;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const fs::path path = path_of(*step);
    try {
      if (auto state = read(path)) {
        remove_damaged(damaged);
        last_ = *step;
        return state;
      }
      damaged.push_back(path);
    } catch (const std::exception& error) {  // it may be whole, and stays
      log_warning("{}; going on without this checkpoint", as_error(error).what());
    }
  }
  input_error(
      "{}: the checkpoint is damaged or cannot be read, and there is no other; remove the run's "
      "folder to start afresh",
      path_of(steps.back()).string());
}

std::optional<SavedState> StateStore::read(const fs::path& path) const {
  SavedState state;
  state.path = path;
  const Json json = whole_numbers(path);
  if (json.is_null()) return std::nullopt;
  for (const auto& [name, value] : json["numbers"].items()) state.numbers[name] = value;
  for (const auto& [name, value] : json["sums"].items()) {
    state.sums[name] = std::bit_cast<double>(value.get<std::uint64_t>());
  }
  read_arrays(path / kArrays, &state);
  return state;
}

bool is_whole_checkpoint(const fs::path& folder) { return !whole_numbers(folder).is_null(); }

}  // namespace arf
