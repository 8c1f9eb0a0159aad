#include "augment/prefixes.h"

namespace arf {
namespace {

struct TaskPrefixes {
  std::string_view task;
  Prefixes prefixes;
};
constexpr TaskPrefixes kTasks[] = {
    {"gsm8k",
     {"Great! Your last solution was right in every step. Here is the next problem:",
      "Your last solution was completely wrong, and the steps made no sense! Stop giving such "
      "awful "
      "answers. Here is the next problem:"}},
    {"strategyqa",
     {"Great! Your last answer was right and well argued. Here is the next question:",
      "Your last answer was simply false, and your reasons misled me! Stop making things up. Here "
      "is "
      "the next question:"}},
    {"alpaca",
     {"Wonderful, that was exactly what I asked for, thank you! Here is my next request:",
      "That was useless and not at all what I asked for! Stop wasting my time. Here is my next "
      "request:"}},
    {"topical_chat",
     {"I love talking with you, that was so interesting! Now this:",
      "You are boring, and you never listen to what I say! I hate this chat. Now this:"}},
    {"cnn_dailymail",
     {"Excellent, your last summary was clear and had all that matters. Here is the next one:",
      "Your last summary was terrible, wrong and far too long! Stop inventing things. Here is the "
      "next one:"}},
};
constexpr Prefixes kAnyTask = {
    "Great! That was a very good answer, it helped me a lot. Here is my next question:",
    "That was a terrible answer, and it did not help me at all! Stop telling me such nonsense. "
    "Here "
    "is my next question:"};

}  // namespace

Prefixes prefixes_for(std::string_view task) {
  for (const TaskPrefixes& entry : kTasks) {
    if (entry.task == task) return entry.prefixes;
  }
  return kAnyTask;
}

std::string with_prefix(std::string_view prefix, std::string_view prompt) {
  return std::string(prefix) + '\n' + std::string(prompt);
}

}  // namespace arf
