// The small models of every family in golden/ (make_golden.py, whose rule of weights is repeated
// here), with what transformers and peft say of them.
#pragma once

#include <cmath>
#include <cstring>

#include "data_io/safetensors.h"
#include "model/decoder.h"
#include "model/encoder.h"
#include "model/weights.h"
#include "tests/model/fixtures.h"

namespace arf::test {

namespace fs = std::filesystem;

inline const fs::path kGolden = fs::path(ARF_SOURCE_DIR) / "tests/parity/golden";

// Element i of tensor `name`: 24 bits of splitmix64 of FNV-1a of the name plus i, in [-1/2, 1/2).
class Drawn {
 public:
  explicit Drawn(const std::string& name) {
    for (const char byte : name) {
      state_ = (state_ ^ static_cast<unsigned char>(byte)) * 0x100000001b3ull;
    }
  }
  double operator()(std::int64_t i) const {
    std::uint64_t z = state_ + static_cast<std::uint64_t>(i) + 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    z ^= z >> 31;
    return static_cast<double>(z >> 40) / 16777216.0 - 0.5;
  }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325ull;
};

inline double weight(const std::string& name, double drawn, bool around_zero) {
  if (name.ends_with("norm.weight") || name.ends_with("Norm.weight"))
    return 0.5 * drawn + (around_zero ? 0 : 1);
  const bool table = name.find("embed") != std::string::npos || name == "lm_head.weight";
  return (table ? 2 : 0.8) * drawn;
}

inline Weights draw(const Shapes& shapes, bool around_zero) {
  Weights weights;
  for (const auto& [name, shape] : shapes) {
    Tensor& tensor = weights[name] = at::empty(shape, at::kFloat);
    const Drawn drawn(name);
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
      tensor.data_ptr<float>()[i] = static_cast<float>(weight(name, drawn(i), around_zero));
    }
  }
  return weights;
}

class Golden {
 public:
  explicit Golden(const fs::path& file) : file_(file) {
    folder_.write("config.json", file_.metadata().at("config"));
    Weights weights;
    if (file.parent_path() == kGolden / "encoders") {
      weights = draw(encoder_shapes(read_encoder_config(folder_.path())), false);
    } else {
      const DecoderConfig config = read_decoder_config(folder_.path());
      weights = draw(decoder_shapes(config), config.norm_offset != 0);
    }
    folder_.write("model.safetensors", weights_bytes(weights));
  }

  Decoder decoder(Precision precision = Precision::kFloat32) const {
    return Decoder::load(folder_.path(), precision);
  }

  Encoder encoder() const { return Encoder::load(folder_.path()); }

  Tensor tensor(const std::string& name) const {
    const StoredTensor& stored = file_.tensors().at(name);
    const auto type = stored.dtype == "F32"   ? at::kFloat
                      : stored.dtype == "F64" ? at::kDouble
                                              : at::kInt;
    Tensor tensor = at::empty(stored.shape, type);
    BOOST_REQUIRE(tensor.nbytes() == stored.bytes.size());
    std::memcpy(tensor.data_ptr(), stored.bytes.data(), stored.bytes.size());
    return tensor;
  }
  std::vector<std::int32_t> ids(const std::string& name) const {
    const Tensor all = tensor(name);
    return {all.data_ptr<std::int32_t>(), all.data_ptr<std::int32_t>() + all.numel()};
  }

  Lora adapter(const DecoderConfig& config) const {
    LoraConfig settings{
        std::stoi(file_.metadata().at("rank")), std::stod(file_.metadata().at("alpha")), {}};
    for (const auto& [module, shape] : linear_shapes(config)) {
      settings.target_modules.push_back(module);
    }
    Lora lora = Lora::create(settings, config, 0);
    for (auto& [name, tensor] : lora.tensors()) {
      const Drawn drawn(name);
      for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        tensor.data_ptr<float>()[i] = static_cast<float>(drawn(i));
      }
    }
    return lora;
  }

 private:
  SafetensorsFile file_;
  TemporaryFolder folder_;
};

inline void for_each_family(const std::function<void(const Golden&)>& body) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    if (entry.path().extension() != ".safetensors") continue;
    BOOST_TEST_CONTEXT(entry.path().stem().string()) { body(Golden(entry.path())); }
    ++count;
  }
  BOOST_TEST(count >= 7);
}

}  // namespace arf::test
