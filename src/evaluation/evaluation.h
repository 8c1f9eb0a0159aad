// The protocol (paper 5.1): one frozen scorer, the same held-out prompts and random numbers for
// every contestant, so that differences are paired.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/contestant.h"
#include "evaluation/held_out.h"
#include "evaluation/statistics.h"
#include "generation/generator.h"
#include "scoring/scorer.h"

namespace arf {

struct EvaluationSettings {
  SamplingSettings sampling;
  std::uint64_t seed = 1;
  int threads = 1;
  std::size_t unit_dialogues = 16;  // sampled side by side; of no effect on results
  int resamples = 2000;             // of the bootstrap
};

// One reply of one contestant.
struct EvaluatedReply {
  std::size_t dialogue = 0;  // index in HeldOut
  std::uint32_t turn = 0;
  std::string prompt, reply;
  std::vector<TokenId> tokens;              // of the reply
  double reward = 0;                        // of the frozen scorer, eq. 17, in [-1, 1]
  std::optional<double> true_satisfaction;  // of a simulated user, in [-1, 1]
  double kl_sum = 0;                        // over the reply's tokens, nats
};

struct ContestantResult {
  ContestantPlace place;
  std::string hash;
  std::vector<EvaluatedReply> replies;  // by dialogue and turn; the same prompts in every result
  double generation_seconds = 0;

  // Against the baseline; filled by compare().
  Estimate reward, reward_ratio, reward_difference;
  std::optional<Estimate> true_satisfaction, true_ratio, true_difference;
  double kl_per_token = 0, tokens_per_second = 0, tokens_per_reply = 0, distinct_2 = 0;
};

// What the user who wrote the dialogue would say of a reply; nothing where that is not known.
using TrueSatisfaction = std::function<std::optional<double>(
    const Dialogue& dialogue, const std::string& prompt, const std::string& reply)>;

class Evaluation {
 public:
  // Keeps references. `base` is the reference of the KL divergence.
  Evaluation(const Decoder& base, const Tokenizer& tokenizer, const ChatTemplate& chat,
             const Scorer& scorer, const HeldOut& held_out, TrueSatisfaction truth,
             const EvaluationSettings& settings);

  // Loads the contestant and lets it go: what is wrong with it should show before hours of work.
  void check(const ContestantPlace& place) const { Contestant::load(place, base_, tokenizer_); }

  // Generates with stored contexts (every contestant answers the same prompts) and scores.
  // on_progress (may be empty) is called with the replies done so far, from any thread.
  ContestantResult run(const ContestantPlace& place,
                       const std::function<void(std::size_t)>& on_progress = {}) const;

  // Fills the estimates of all results against results[baseline]. input_error where two contestants
  // did not answer the same prompts (their contexts differ in length).
  void compare(std::vector<ContestantResult>* results, std::size_t baseline) const;

 private:
  std::vector<Rollout> generate(const Contestant& contestant, double* seconds,
                                const std::function<void(std::size_t)>& on_progress) const;
  std::vector<EvaluatedReply> evaluate(const Rollout& rollout, std::size_t dialogue,
                                       const Contestant& contestant) const;

  const Decoder& base_;
  const Tokenizer& tokenizer_;
  const ChatTemplate& chat_;
  const Scorer& scorer_;
  const HeldOut& held_out_;
  TrueSatisfaction truth_;
  EvaluationSettings settings_;
};

}  // namespace arf
