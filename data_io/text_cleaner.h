// Texts of public data sets made fit for learning and for measuring: what is left over from web
// pages and exports goes, what people wrote (emoji, [NAME] in place of a name) stays.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace arf {

class TextCleaner {
 public:
  enum Change { kEncoding, kEntities, kLinks, kUserNames, kNumChanges };

  // `text` is UTF-8, and so is what is returned. In this order: a text whose UTF-8 was read as
  // Latin-1 ("Ã¤" for "ä") is read anew; HTML's references become characters; white space and
  // control characters are joined to one space, none at the ends; links become kLinkMark; @names,
  // Reddit's u/names and e-mail addresses become kUserMark.
  std::string clean(std::string_view text);

  std::uint64_t texts_with(Change change) const { return texts_[change]; }  // so far
  static const char* name_of(Change change);

 private:
  std::array<std::uint64_t, kNumChanges> texts_{};
};

// What two texts have in common that are the same to a reader: lower case (ASCII), without white
// space, typographic quotation marks as plain ones: "it ’ s so ." is "It's so.", as two files of
// DailyDialog would have it.
std::string text_key(std::string_view text);

}  // namespace arf
