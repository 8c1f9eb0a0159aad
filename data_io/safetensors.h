// The safetensors format: u64 little-endian header length, JSON header, raw little-endian data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace arf {

// One tensor in a mapped file. dtype as in the header: "F32", "F16", "BF16", "F64", "I64", ...
struct StoredTensor {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;  // valid while the SafetensorsFile lives
};

class SafetensorsFile {
 public:
  // Maps and checks the whole header: length, JSON, known dtypes, sizes, no holes, no overlap.
  // input_error names the file, the tensor and what does not hold.
  explicit SafetensorsFile(const std::filesystem::path& path);
  ~SafetensorsFile();
  SafetensorsFile(SafetensorsFile&&) noexcept;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept;
  const std::map<std::string, StoredTensor>& tensors() const;
  const std::map<std::string, std::string>& metadata() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Serialises in the order of names, data aligned to 8 bytes: equal input gives equal bytes.
struct TensorToStore {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
};
std::string safetensors_bytes(std::vector<TensorToStore> tensors,
                              const std::map<std::string, std::string>& metadata = {});

}  // namespace arf
