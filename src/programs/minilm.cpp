#include "programs/minilm.h"

#include <cstdlib>
#include <string>

namespace arf {
namespace {

// "" where it is not set, or empty (as `:-` of the shell has it).
std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::filesystem::path minilm_folder() {
  std::filesystem::path dependencies = environment("ARF_DEPENDENCIES");
  if (dependencies.empty() && !environment("HOME").empty()) {
    dependencies = std::filesystem::path(environment("HOME")) / ".cache/arf";
  }
  if (dependencies.empty()) return {};
  return std::filesystem::absolute(dependencies / "all-MiniLM-L6-v2").lexically_normal();
}

bool minilm_is_installed() {
  const std::filesystem::path folder = minilm_folder();
  return !folder.empty() && std::filesystem::exists(folder / "model.safetensors");
}

}  // namespace arf
