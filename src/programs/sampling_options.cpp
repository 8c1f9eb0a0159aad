#include "programs/sampling_options.h"

namespace arf {

void add_sampling_settings(Options& options, SamplingSettings* settings, const std::string& help) {
  SamplingRule& rule = settings->rule;
  options.add("generate.temperature", &rule.temperature, "",
              "Of the softmax that is sampled; 0 takes the likeliest token." + help);
  options.add("generate.top_k", &rule.top_k, "tokens", "Sample from the k likeliest; 0: from all.");
  options.add("generate.top_p", &rule.top_p, "",
              "Sample from the fewest likeliest tokens that together have this probability.");
  options.add("generate.min_p", &rule.min_p, "",
              "Sample from tokens with at least this part of the likeliest one's probability.");
  options.add("generate.repetition_penalty", &rule.repetition_penalty, "",
              "Logits of tokens that stand before are divided by it (multiplied if negative).");
  options.add("generate.stop", &settings->stop, "", "Texts that end a reply and are left out.");
}

}  // namespace arf
