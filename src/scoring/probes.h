// Responses that nobody learns from, scored again and again: the path of a scorer's opinion of a
// kind of response.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scoring/scorer.h"

namespace arf {

struct Probe {
  std::string name;
  std::vector<FramedText> responses;  // each with the prompt that it answers
};

// The folder in "NAME=DIR" or DIR.
std::string probe_path(const std::string& word);

// Of each of `corpora`, "NAME=DIR" or a DIR whose last part is the name, the first `most`
// responses. usage_error: two of one name, or none before the `=`. input_error where one has no
// response.
std::vector<Probe> read_probes(const Scorer& scorer, const std::vector<std::string>& corpora,
                               std::size_t most, int num_threads);

// The mean reward of a probe's responses, in [-1, 1]. Collective over the workers' ranks.
double mean_reward(const Scorer& scorer, const Probe& probe, const Workers& workers);

}  // namespace arf
