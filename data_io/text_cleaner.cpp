#include "data_io/text_cleaner.h"

#include <algorithm>

#include "core/utf8.h"
#include "data_io/html_entities.h"
#include "data_io/text_marks.h"

namespace arf {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
// Its bytes as they were, where a reader took each for a character of Latin-1; "" where it holds
// other characters, or bytes that are no UTF-8.
std::string read_anew(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte > 0xc3) return "";  // a character above U+00FF
    bytes += byte < 0x80 ? text[i] : static_cast<char>((byte & 3) << 6 | (text[++i] & 0x3f));
  }
  return is_utf8(bytes) ? bytes : "";
}

// Bytes of white space or of a control character at `at`; 0: something else. U+200B is no part of
// an emoji, as U+200D is.
std::size_t blank_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte <= 0x20 || byte == 0x7f) return 1;
  const std::string_view rest = text.substr(at);
  if (byte == 0xc2 && static_cast<unsigned char>(rest[1]) <= 0xa0) return 2;  // U+0080 to U+00A0
  for (const std::string_view blank : {"\u200b", "\u2028", "\u2029", "\u3000", "\ufeff"}) {
    if (rest.starts_with(blank)) return blank.size();
  }
  return 0;
}

std::string with_single_blanks(std::string_view text) {
  std::string out;
  bool blank = false;
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t size = blank_at(text, i)) {
      blank = true;
      i += size;
      continue;
    }
    if (blank && !out.empty()) out += ' ';
    blank = false;
    out += text[i++];
  }
  return out;
}

}  // namespace

std::string TextCleaner::clean(std::string_view text) {
  std::string out(text);
  const auto change = [&](Change what, std::string changed) {
    if (changed == out) return;
    ++texts_[what];
    out = std::move(changed);
  };
  if (std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; })) {
    if (std::string anew = read_anew(text); !anew.empty()) change(kEncoding, std::move(anew));
  }
  if (out.find('&') != std::string::npos) change(kEntities, decode_entities(out));
  out = with_single_blanks(out);
  if (out.find("://") != std::string::npos || out.find('.') != std::string::npos)
    change(kLinks, without_links(out));
  if (out.find('@') != std::string::npos || out.find("u/") != std::string::npos)
    change(kUserNames, without_user_names(out));
  return out;
}

const char* TextCleaner::name_of(Change change) {
  switch (change) {
    case kEncoding:
      return "UTF-8 that was read as Latin-1";
    case kEntities:
      return "HTML references";
    case kLinks:
      return "links";
    default:
      return "user names";
  }
}

std::string text_key(std::string_view text) {
  std::string key;
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t blank = blank_at(text, i)) {
      i += blank;
      continue;
    }
    const std::string_view mark = text.substr(i, 3);
    const bool is_single = mark == "\u2018" || mark == "\u2019";
    const bool is_double = mark == "\u201c" || mark == "\u201d";
    key += is_single ? '\'' : is_double ? '"' : lower(text[i]);
    i += is_single || is_double ? 3 : 1;
  }
  return key;
}

}  // namespace arf
