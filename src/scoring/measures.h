// How well predicted distributions agree with labels.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "records/dialogue.h"

namespace arf {

struct Measures {
  std::uint64_t count = 0;
  double loss = 0;                        // mean cross-entropy with the soft labels, in nats
  double accuracy = 0;                    // share whose likeliest class is the label's
  double macro_f1 = 0;                    // mean over the classes that a label or prediction has
  double balanced_accuracy = 0;           // mean recall of the classes that a label has
  double ece = 0;                         // expected calibration error, ten bins of confidence
  std::array<std::uint64_t, 3> labels{};  // how many labels are bad, neutral, good
  std::array<double, 3> recall{};         // NaN where no label is of the class
  std::array<double, 3> precision{};      // NaN where no prediction is
  // Rank correlation of the predicted rewards with the labels', equals at their mean rank; NaN
  // where all of one side are equal.
  double spearman = 0;
};

// Both equally long; all zero where they are empty.
Measures measure(const std::vector<Satisfaction>& predicted,
                 const std::vector<Satisfaction>& labels);

// The likeliest class: 0 bad, 1 neutral, 2 good; the first of equals.
int likeliest(const Satisfaction& satisfaction);

inline constexpr const char* kClassNames[3] = {"bad", "neutral", "good"};

}  // namespace arf
