// Preference-biased scores and re-scoring (paper 3.2): how far a second opinion is let in depends
// on how much the two agree.
#pragma once

#include "records/dialogue.h"

namespace arf {

// Cosine of the angle between two distributions, in [0, 1].
double cosine_similarity(const Satisfaction& a, const Satisfaction& b);

// sigmoid((cosine similarity - 0.5) * s_sig), paper eq. 11 and 13. s_sig: 4 to 8 (appendix D).
double preference_weight(const Satisfaction& a, const Satisfaction& b, double s_sig);
// The sigmoid of it alone: `offset` is the similarity less 0.5.
double preference_sigmoid(double offset, double s_sig);

// w * a + (1 - w) * b, paper eq. 12 and 14; sums to 1 as its parts do.
Satisfaction blend(const Satisfaction& a, const Satisfaction& b, double w);

// Score of an augmented sample, eq. 11 and 12: the static score, drawn to the ARF scorer's by their
// agreement.
Satisfaction biased_score(const Satisfaction& arf, const Satisfaction& fixed, double s_sig);

// A stored score met again by a scorer that has moved, eq. 13 and 14.
Satisfaction rescore(const Satisfaction& stored, const Satisfaction& fresh, double s_sig);

}  // namespace arf
