// Our side of peft.sh:
//   parity_folders write DIR    DIR/model and DIR/adapter, no weight of them left at 0 or 1
//   parity_folders encode DIR   a JSON list of ids a line on stdin -> last hidden states [n, H]
#include <iostream>

#include "core/json.h"
#include "core/philox.h"
#include "model/decoder.h"
#include "model/encoder.h"

using namespace arf;

namespace {

void stir(Tensor tensor, std::uint64_t unit) {
  const RandomStream stream(11, Purpose::kTest, unit);
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(tensor.numel()); ++i) {
    tensor.data_ptr<float>()[i] += static_cast<float>(0.1 * stream.normal(i));
  }
}

void write(const std::filesystem::path& directory) {
  DecoderConfig config;
  config.vocabulary_size = 160;
  config.hidden_size = 48;
  config.intermediate_size = 96;
  config.num_layers = 3;
  config.num_heads = 6;
  config.num_kv_heads = 2;
  config.head_size = 8;
  config.max_positions = 128;
  config.rope_theta = 10000;
  Decoder decoder = Decoder::random(config, 1);
  std::uint64_t unit = 0;
  for (auto& [name, tensor] : decoder.weights()) stir(tensor, unit++);
  decoder.save(directory / "model");
  const Lora lora = Lora::create({4, 12, {"q_proj", "v_proj", "down_proj"}}, config, 1);
  for (const auto& [name, tensor] : lora.tensors()) stir(tensor, unit++);
  lora.save(directory / "adapter", (directory / "model").string());
}

void encode(const std::filesystem::path& directory) {
  const Encoder encoder = Encoder::load(directory);
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto ids = Json::parse(line).get<std::vector<std::int32_t>>();
    const at::NoGradGuard no_grad;
    const ops::Segments segments{{0, static_cast<std::int32_t>(ids.size())}};
    const Tensor hidden = encoder.forward(ids, segments).contiguous();
    const float* first = hidden.data_ptr<float>();
    std::cout << Json(std::vector<float>(first, first + hidden.numel())).dump() << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string what = argc == 3 ? argv[1] : "";
    if (what == "write") return write(argv[2]), 0;
    if (what == "encode") return encode(argv[2]), 0;
    std::cerr << "usage: parity_folders write|encode DIR\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
