#include "tests/fuzz/checkpoint_files.h"

#include "core/hash.h"
#include "core/json.h"

namespace arf::fuzz {
namespace {

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

}  // namespace

void put_checkpoint(const Folder& folder, std::string_view json, std::string_view arrays) {
  const std::string name = "checkpoints/step-000000007/";
  std::filesystem::create_directories(folder.path() / name);
  const std::string tensors = safetensors_file(arrays);
  std::string text = replaced(std::string(json), "$arrays", sha256_hex(tensors));
  text = replaced(text, "$numbers", numbers_sha256(text));
  folder.put(name + "state.json", text);
  folder.put(name + "state.safetensors", tensors);
  folder.put(name + "DONE", "done");
}

}  // namespace arf::fuzz
