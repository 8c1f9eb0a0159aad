// Our side of peft.sh:
//   parity_folders rewrite MODEL DIR   reads a model folder and writes it again
//   parity_folders adapter MODEL DIR   an adapter on all linear layers of that model
//   parity_folders encode DIR          a JSON list of ids a line on stdin -> hidden states [n, H]
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

// An adapter on all linear layers, nothing of it left at 0.
void write_adapter(const std::filesystem::path& model, const std::filesystem::path& directory) {
  const DecoderConfig decoder = read_decoder_config(model);
  LoraConfig config{4, 12, {}};
  config.rank_stabilised = decoder.architecture == "LlamaForCausalLM";
  for (const auto& [module, shape] : linear_shapes(decoder)) {
    config.target_modules.push_back(module);
  }
  const Lora lora = Lora::create(config, decoder, 1);
  std::uint64_t unit = 0;
  for (const auto& [name, tensor] : lora.tensors()) stir(tensor, unit++);
  lora.save(directory, model.string());
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
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "rewrite" && argc == 4) return Decoder::load(argv[2]).save(argv[3]), 0;
    if (what == "adapter" && argc == 4) return write_adapter(argv[2], argv[3]), 0;
    if (what == "encode" && argc == 3) return encode(argv[2]), 0;
    std::cerr << "usage: parity_folders rewrite|adapter MODEL DIR, or encode DIR\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
