// What a scorer is trained on: labelled texts of corpora, and the part of them that is held out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/epoch_order.h"
#include "scoring/labelled_texts.h"
#include "scoring/measures.h"
#include "scoring/scorer.h"

namespace arf {

struct Example {
  FramedText text;
  Satisfaction target;       // C_static or C_avg: a soft label
  std::uint32_t source = 0;  // of ExampleSet::sources
};

// One message of the feedback stream: a response, and what the user's next message said of it.
struct FeedbackMessage {
  std::uint64_t row = 0;              // in the corpus
  std::uint32_t turn = 0;             // of the response
  Example example;                    // (prompt, response); the label it came with
  bool held = false;                  // measured, never trained on
  Satisfaction stored;                // its score now (eq. 14)
  std::vector<Satisfaction> history;  // what was stored before, oldest first, by this run
};

// Nine tenths train. The other tenth is never trained on: half of it may choose among states of the
// scorer, the other half is for what is reported. (Of corpora in parts: as their parts are.)
struct ExampleSet {
  std::vector<Example> training, validation, test;
  std::vector<std::string> sources;  // Dialogue.source of the rows, as they were met
};

// Every user's turn that has a satisfaction, in order (labelled_texts.h). input_error where there
// is none; `mend` is what it tells the user to do.
ExampleSet read_labelled_texts(const Scorer& scorer, const std::vector<std::string>& corpora,
                               int num_threads, const std::string& mend = kGetLabels);

// Every response with a satisfaction, in order; its prompt is the user's turn before it.
// input_error where there is none.
std::vector<FeedbackMessage> read_feedback(const Scorer& scorer, const std::string& corpus,
                                           int num_threads);

// The scorer's opinion of examples; against their labels.
std::vector<Satisfaction> predict(const Scorer& scorer, const std::vector<Example>& examples,
                                  const Workers& workers);
Measures measure_scorer(const Scorer& scorer, const std::vector<Example>& examples,
                        const Workers& workers);

}  // namespace arf
