#include "data_io/emotion3.h"

#include "core/error.h"

namespace arf {
namespace {

// The printed table runs its columns together: where `anger` and `fear` of GoEmotions fall is our
// reading, `admiration` is printed twice (2.5 and 3.0), and ISEAR's shame and guilt are not in it
// (0.5 here). None of these choices changes a three-way class.
struct Row {
  double level;
  const char* dailydialog;
  const char* isear;
  const char* goemotions;
};
constexpr Row kTable[] = {
    {0.0, "disgust", "disgust", "disappointment embarrassment grief sadness"},
    {0.5, "anger sadness", "sadness anger shame guilt", "anger disgust remorse"},
    {1.0, "fear", "fear", "fear annoyance confusion disapproval nervousness"},
    {1.5, "none", "", "caring curiosity neutral"},
    {2.0, "", "", "approval desire realization relief surprise"},
    {2.5, "surprise", "joy", "amusement excitement joy love optimism pride"},
    {3.0, "happiness", "", "admiration gratitude"},
};

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const auto space = std::min(words.find(' '), words.size());
    if (words.substr(0, space) == word) return true;
    words.remove_prefix(std::min(space + 1, words.size()));
  }
  return false;
}

}  // namespace

double emotion_level(EmotionSet set, std::string_view name) {
  for (const Row& row : kTable) {
    const char* words = set == EmotionSet::kDailyDialog ? row.dailydialog
                        : set == EmotionSet::kIsear     ? row.isear
                                                        : row.goemotions;
    if (has_word(words, name)) return row.level;
  }
  return -1;
}

Satisfaction satisfaction_of_level(double level) {
  ARF_CHECK(level >= 0 && level <= 3, "level {}", level);
  if (level <= 1) return {1, 0, 0};
  return level >= 2 ? Satisfaction{0, 0, 1} : Satisfaction{0, 1, 0};
}

}  // namespace arf
