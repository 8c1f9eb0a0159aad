// What generators send to scorers and scorers to learners.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace arf {

// Which adapter made something. Example: {12, "9f86d0..."}: the adapter after 12 updates.
struct PolicyVersion {
  std::uint64_t number = 0;
  std::string hash;  // SHA-256 of the adapter's bytes (of the base's trained weights at rank 0)
  bool operator==(const PolicyVersion&) const = default;
};

// One sampled reply in its context. context + response are the tokens the model saw, so that the
// learner needs no tokenizer.
struct SampledTurn {
  std::uint32_t turn = 0;              // index in Dialogue::turns of the stored response
  std::vector<std::int32_t> context;   // [c] tokens before the reply
  std::vector<std::int32_t> response;  // [n] the reply with its end token if it ended
  std::vector<float> logprobs;         // [n] log-prob of each token when it was sampled
  std::vector<float> drawn_logprobs;   // [n] the same under temperature, top_k, ...: what it was
                                       // drawn from
  std::vector<std::int32_t> stored;    // [m] the stored response's tokens with the end token
  std::string prompt;                  // text of the user's turn it answers
  std::string text;                    // text of the reply
  std::optional<float> stored_score;   // s_t, the reward of the stored response (eq. 17), if any
  bool operator==(const SampledTurn&) const = default;
};

// All sampled turns of one dialogue.
struct Rollout {
  std::string dialogue_id;
  std::uint64_t dialogue_row = 0;  // row in the corpus
  std::uint32_t unit = 0;          // work unit of the iteration
  std::uint32_t sample = 0;        // which sample of the same dialogue
  PolicyVersion version;
  std::uint64_t digest = 0;  // digest_of it, as its generator gave it
  std::vector<SampledTurn> turns;
  bool operator==(const Rollout&) const = default;
};

// XXH3-64 of what was sampled and from what, version and unit left out.
std::uint64_t digest_of(const Rollout& rollout);

// Of their replies, end tokens counted.
double num_sampled_tokens(const std::vector<Rollout>& rollouts);

struct ScoredRollout {
  Rollout rollout;
  std::vector<float> rewards;  // [turns] r_t of each sampled reply, in [-1, 1]
  bool operator==(const ScoredRollout&) const = default;
};

}  // namespace arf
