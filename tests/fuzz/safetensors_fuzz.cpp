// model.safetensors, or an index with its shards. One part: the file; several: the index, then
// a.safetensors, b.safetensors and c.safetensors.
#include "data_io/safetensors_folder.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;

namespace {

// Every byte that a tensor claims is there to be read, and its shape says how many they are.
void read_all(const SafetensorsFolder& folder) {
  for (const auto& [name, tensor] : folder.tensors()) {
    const std::string copy(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
    std::uint64_t elements = 1;
    for (const std::int64_t extent : tensor.shape) elements *= static_cast<std::uint64_t>(extent);
    fuzz::require(elements <= copy.size(), "a shape has more elements than bytes");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const auto parts = fuzz::parts({reinterpret_cast<const char*>(data), size});
  const bool sharded = parts.size() > 1;
  folder.put("model.safetensors", sharded ? "" : fuzz::safetensors_file(parts[0]));
  folder.put("model.safetensors.index.json", sharded ? parts[0] : "");
  for (std::size_t i = 1; i <= 3; ++i) {
    folder.put(std::string(1, static_cast<char>('a' + i - 1)) + ".safetensors",
               i < parts.size() ? fuzz::safetensors_file(parts[i]) : "");
  }
  fuzz::accept_or_refuse(size, [] { read_all(SafetensorsFolder(folder.path())); });
  return 0;
}
