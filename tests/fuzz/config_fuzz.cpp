// config.json, then generation_config.json: as a decoder's and as an encoder's.
#include "core/json.h"
#include "model/decoder_config.h"
#include "model/encoder.h"
#include "model/model_folder.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;

namespace {

void require_extents(const std::map<std::string, std::vector<std::int64_t>>& shapes) {
  for (const auto& [name, shape] : shapes) {
    for (const std::int64_t extent : shape) fuzz::require(extent > 0, "an extent below 1");
  }
}

// What is written of an accepted configuration reads as the same.
void use_decoder(const fuzz::Folder& folder) {
  const DecoderConfig config = read_decoder_config(folder.path());
  require_extents(decoder_shapes(config));
  for (std::int64_t layer = 0; layer < config.num_layers; ++layer) {
    fuzz::require(config.window_of(layer) >= 0, "a window below 0");
  }
  const std::string written = decoder_config_json(config);
  folder.put("config.json", written);
  fuzz::require(decoder_config_json(read_decoder_config(folder.path())) == written,
                "a decoder's config.json is not read as it was written");
}

void use_encoder(const fuzz::Folder& folder) {
  const EncoderConfig config = read_encoder_config(folder.path());
  require_extents(encoder_shapes(config));
  const std::string written = encoder_config_json(config);
  folder.put("config.json", written);
  fuzz::require(encoder_config_json(read_encoder_config(folder.path())) == written,
                "an encoder's config.json is not read as it was written");
}

void use_end_tokens(const fuzz::Folder& folder) {
  ModelSettings settings;
  settings.path = folder.path();
  for (const std::int32_t token : read_end_tokens(settings)) {
    fuzz::require(token >= 0, "an end token below 0");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const auto parts = fuzz::parts({reinterpret_cast<const char*>(data), size});
  folder.put("generation_config.json", parts.size() > 1 ? parts[1] : "");
  for (const auto use : {use_end_tokens, use_decoder, use_encoder}) {
    folder.put("config.json", parts[0]);
    fuzz::accept_or_refuse(size, [&] { use(folder); });
  }
  return 0;
}
