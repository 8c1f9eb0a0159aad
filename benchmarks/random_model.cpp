// Writes a model folder of random bfloat16 weights in the shape of a config.json, for load.sh:
//   random_model CONFIG_DIR OUTPUT_DIR
// All matrices repeat one row of numbers from places of their own: quick to make, and no reader can
// profit from it.
#include <cstdio>
#include <exception>

#include "core/file.h"
#include "core/hash.h"
#include "core/philox.h"
#include "data_io/safetensors_writer.h"
#include "model/decoder.h"

using namespace arf;

namespace {

constexpr std::uint32_t kNumbers = 1 << 22;
constexpr float kDeviation = 0.02F;

std::vector<std::uint16_t> drawn() {
  const RandomStream stream(1, Purpose::kWeights, 0);
  std::vector<std::uint16_t> numbers(kNumbers);
  for (std::uint32_t i = 0; i < kNumbers; ++i) {
    const float value = kDeviation * static_cast<float>(stream.normal(i));
    numbers[i] = static_cast<std::uint16_t>(__builtin_bit_cast(std::uint32_t, value) >> 16);
  }
  return numbers;
}

void write_model(const std::filesystem::path& from, const std::filesystem::path& to) {
  const DecoderConfig config = read_decoder_config(from);
  std::vector<SafetensorsWriter::Entry> entries;
  for (const auto& [name, shape] : decoder_shapes(config)) {
    std::uint64_t bytes = 2;
    for (const std::int64_t extent : shape) bytes *= static_cast<std::uint64_t>(extent);
    entries.push_back({name, "BF16", shape, bytes});
  }
  make_directories(to);
  SafetensorsWriter writer(to / "model.safetensors", std::move(entries), {{"format", "pt"}});
  const std::vector<std::uint16_t> numbers = drawn();
  std::vector<std::uint16_t> tensor;
  for (const auto& entry : writer.entries()) {
    tensor.resize(entry.bytes / 2);
    std::size_t at = xxh3(entry.name) % kNumbers;
    for (std::uint16_t& value : tensor) value = numbers[at++ % kNumbers];
    writer.add(std::as_bytes(std::span(tensor)));
  }
  writer.finish();
  write_file_atomically(to / "config.json", read_file(from / "config.json"));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: random_model CONFIG_DIR OUTPUT_DIR\n");
    return 2;
  }
  try {
    write_model(argv[1], argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
