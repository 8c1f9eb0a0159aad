// What the tests of this folder share: small models, errors as text.
#pragma once

#include <boost/test/unit_test.hpp>
#include <functional>
#include <string>

#include "core/error.h"
#include "core/json.h"
#include "core/philox.h"
#include "model/decoder.h"
#include "model/encoder.h"
#include "tests/data_io/temporary_folder.h"
#include "tests/ops/bits.h"

namespace arf::test {

inline DecoderConfig small_config(bool tied = true) {
  DecoderConfig config;
  config.vocabulary_size = 50;
  config.hidden_size = 24;
  config.intermediate_size = 40;
  config.num_layers = 2;
  config.num_heads = 4;
  config.num_kv_heads = 2;
  config.head_size = 6;
  config.max_positions = 64;
  config.rope_theta = 10000;
  config.tied_embeddings = tied;
  return config;
}

inline EncoderConfig small_encoder_config() {
  EncoderConfig config;
  config.vocabulary_size = 50;
  config.hidden_size = 24;
  config.intermediate_size = 40;
  config.num_layers = 2;
  config.num_heads = 4;
  config.max_positions = 40;
  return config;
}

// Every weight large enough that a wrong term would show: biases and norms too.
inline void stir(std::map<std::string, Tensor>& weights, double deviation = 0.3) {
  std::uint64_t unit = 0;
  for (auto& [name, tensor] : weights) {
    const RandomStream stream(3, Purpose::kTest, unit++);
    const bool norm = name.ends_with("orm.weight");
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(tensor.numel()); ++i) {
      tensor.data_ptr<float>()[i] =
          static_cast<float>((norm ? 1 : 0) + deviation * stream.normal(i));
    }
  }
}

inline std::vector<std::int32_t> some_tokens(std::size_t count, std::uint64_t unit,
                                             std::uint32_t vocabulary = 50) {
  const RandomStream stream(5, Purpose::kTest, unit);
  std::vector<std::int32_t> tokens;
  for (std::uint32_t i = 0; i < count; ++i) {
    tokens.push_back(static_cast<std::int32_t>(stream.below(i, vocabulary)));
  }
  return tokens;
}

inline double largest_difference(const Tensor& a, const Tensor& b) {
  return (a.detach().to(at::kDouble) - b.detach().to(at::kDouble)).abs().max().item<double>();
}

// The message of the error with this code; "" (a failure) where there is none.
inline std::string error_of(ExitCode code, const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    BOOST_TEST(static_cast<int>(error.code()) == static_cast<int>(code));
    BOOST_TEST_MESSAGE(error.what());
    return error.what();
  }
  BOOST_TEST_ERROR("nothing was refused");
  return "";
}

inline void check_says(const std::string& text, const std::string& words) {
  if (text.find(words) == std::string::npos) {
    BOOST_TEST_ERROR("expected `" << words << "` in: " << text);
  }
}

}  // namespace arf::test
