// Texts that occur more than once, told by their keys (text_key).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/text_hash.h"

namespace arf {

struct KeyedRow {
  std::string key;
  int label = 0;  // its class
};

enum class Verdict : std::uint8_t {
  kKept,
  kRepeated,      // the same text and class were met before in this source
  kOutvoted,      // more copies in this source have another class
  kUndecided,     // no class has more copies in this source than every other
  kElsewhere,     // an earlier source has the text, with this class
  kContradicted,  // an earlier source has it with another class
};
const char* reason_of(Verdict verdict);  // for a report; of what is not kept

// Sources are judged one after the other. Within a source the class that most copies of a text have
// is taken for its class: annotators (and, of an utterance, dialogues) differ, and the most
// frequent answer is the likeliest; without one, no label is better than a coin, so the text is
// left out of learning and measuring. The first copy of that class stays. Between sources the first
// wins, whatever the class: their labels follow different rules, and cannot vote together.
class Duplicates {
 public:
  // What becomes of each row of a source, in order.
  std::vector<Verdict> judge(const std::vector<KeyedRow>& rows) const;
  // A row that is kept for good, so that later sources leave its text out.
  void remember(const KeyedRow& row) { labels_[row.key] = row.label; }

 private:
  TextMap<int> labels_;  // class by key
};

}  // namespace arf
