// An adapter's folder: adapter_config.json, then adapter_model.safetensors, on a small decoder.
#include "core/file.h"
#include "model/decoder_config.h"
#include "model/lora.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;

namespace {

DecoderConfig small_decoder() {
  DecoderConfig config;
  config.vocabulary_size = 16;
  config.hidden_size = 8;
  config.intermediate_size = 12;
  config.num_layers = 2;
  config.num_heads = 2;
  config.num_kv_heads = 1;
  config.head_size = 4;
  config.max_positions = 32;
  return config;
}

// What is written of an accepted adapter reads as the same.
void use(const fuzz::Folder& folder, const DecoderConfig& decoder) {
  const Lora lora = Lora::load(folder.path(), decoder);
  lora.save(folder.path(), "base");
  const std::string config = read_file(folder.path() / "adapter_config.json");
  const Lora again = Lora::load(folder.path(), decoder);
  fuzz::require(again.safetensors() == lora.safetensors(), "an adapter's tensors change on disk");
  again.save(folder.path(), "base");
  fuzz::require(read_file(folder.path() / "adapter_config.json") == config,
                "an adapter's configuration changes on disk");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  static const DecoderConfig decoder = small_decoder();
  const auto parts = fuzz::parts({reinterpret_cast<const char*>(data), size});
  folder.put("adapter_config.json", parts[0]);
  folder.put("adapter_model.safetensors", parts.size() > 1 ? fuzz::safetensors_file(parts[1]) : "");
  fuzz::accept_or_refuse(size, [] { use(folder, decoder); });
  return 0;
}
