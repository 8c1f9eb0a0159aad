// Emotion3 (paper appendix G, table 13): emotion names of three data sets on one scale of seven
// levels, 0.0 to 3.0, and from there the three classes of satisfaction.
#pragma once

#include <string_view>

#include "records/dialogue.h"

namespace arf {

enum class EmotionSet { kDailyDialog, kIsear, kGoEmotions };

// The level of a lower-case name, or a negative number where the set's column has no such name.
double emotion_level(EmotionSet set, std::string_view name);

// One-hot: [0, 1] bad, 1.5 neutral, [2, 3] good.
Satisfaction satisfaction_of_level(double level);

}  // namespace arf
