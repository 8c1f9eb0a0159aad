// Counter-based random numbers: Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011). A number is a function of its key and counter: there is no state to lose
// in a crash, and none that ranks would have to share.
#pragma once

#include <array>
#include <cstdint>

namespace arf {

// Ten rounds on a 128-bit counter under a 64-bit key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

// What a number is for. Two purposes never share a number. Never renumber: digests depend on it.
enum class Purpose : std::uint32_t {
  kWeights = 1,      // initial weights
  kOrder = 2,        // order of the corpus
  kSampling = 3,     // tokens of a reply
  kReplay = 4,       // experience replay of the ARF scorer
  kSimulate = 5,     // simulated users
  kSynonym = 6,      // synonym substitution
  kTruncate = 7,     // trace truncation
  kBootstrap = 8,    // confidence intervals
  kScorerOrder = 9,  // order of the scorer's training rows
  kEvaluate = 10,    // replies of an evaluation
  kTest = 99,
};

// One stream per (seed, purpose, unit, sample); a number is addressed by its index.
// Example: RandomStream(seed, Purpose::kSampling, dialogue_key, turn).uniform(token_index)
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t unit, std::uint32_t sample = 0);

  std::uint32_t bits(std::uint32_t index) const;  // 32 random bits
  double uniform(std::uint32_t index) const;      // in [0, 1), 53 bits
  double normal(std::uint32_t index) const;       // standard normal (Box-Muller)
  std::uint32_t below(std::uint32_t index, std::uint32_t limit) const;  // in [0, limit)

 private:
  std::array<std::uint32_t, 4> block(std::uint32_t index) const;
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 3> counter_;
};

std::uint64_t mix64(std::uint64_t x);  // splitmix64's finaliser; for deriving keys from names

}  // namespace arf
