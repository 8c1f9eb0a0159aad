// The stream of figure 3 on the public data sets: Alpaca, GSM8K, StrategyQA, Topical-Chat.
#pragma once

#include <string>
#include <vector>

#include "experiments/experiment.h"

namespace arf {

inline constexpr const char* kBiasTasks[] = {"alpaca", "gsm8k", "strategyqa", "topical_chat"};

struct BiasStream {
  std::string corpus;               // messages, in order
  std::vector<std::string> probes;  // NAME=DIR of responses that are in no stream
};
// Imports the four sets and makes the stream of `per_phase` messages a phase.
BiasStream make_bias_stream(const ExperimentSettings& settings, std::uint64_t per_phase,
                            ExperimentSteps* steps);

// The words of `arf track` over it: scorer, replay, probes.
ExperimentSteps::Words track_words(const BiasStream& stream, const std::string& scorer,
                                   const std::string& static_corpus, const std::string& rate,
                                   double replay_ratio);

}  // namespace arf
