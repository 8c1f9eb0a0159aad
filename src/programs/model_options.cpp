#include "programs/model_options.h"

namespace arf {

void add_model_settings(Options& options, ModelSettings* settings) {
  options.add("model.path", &settings->path, "",
              "Folder with config.json, in Hugging Face's layout.");
  options.require("model.path");
  options.add("model.random_weights", &settings->random_weights, "",
              "Draw the weights from run.seed instead of reading them.");
  options.add("model.tokenizer", &settings->tokenizer, "",
              "Folder of tokenizer.json; empty: the model's own.");
  options.add_choice(
      "model.precision", &settings->precision, {"auto", "float32", "bfloat16"},
      "How matrices are held; auto: as the folder does (bfloat16 or, else, float32); "
      "arithmetic is float32.");
  options.add_choice("model.device", &settings->device, {"auto", "cpu", "cuda"},
                     "Where the model runs; this version has the CPU.");
}

void add_chat_settings(Options& options, ModelSettings* settings) {
  options.add("model.chat_date", &settings->chat.date, "",
              "Today's date in Llama 3's chat template; other templates have none.");
}

}  // namespace arf
