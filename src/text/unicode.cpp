#include "text/unicode.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>

#include <algorithm>
#include <vector>

#include "core/error.h"
#include "core/utf8.h"

namespace arf {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// Characters of later Unicode versions count as unassigned but for those below, so that a text has
// the same tokens whatever the version of ICU. For normalising it is the version of Hugging Face's
// tables.
constexpr std::uint8_t kClassesVersion = 15, kComposingVersion = 9;
// Letters and numbers of Unicode 15.1 and 16, which Hugging Face's splits know and Debian's ICU
// does not.
struct NewerRange {
  char32_t first, last;
  CharacterClass kind;
};
constexpr auto kNewLetter = CharacterClass::kLetter, kNewNumber = CharacterClass::kNumber;
constexpr NewerRange kNewerRanges[] = {
    {0x1c89, 0x1c8a, kNewLetter},   {0xa7cb, 0xa7cd, kNewLetter},   {0xa7da, 0xa7dc, kNewLetter},
    {0x105c0, 0x105f3, kNewLetter}, {0x10d40, 0x10d49, kNewNumber}, {0x10d4a, 0x10d65, kNewLetter},
    {0x10d6f, 0x10d85, kNewLetter}, {0x10ec2, 0x10ec4, kNewLetter}, {0x11380, 0x11389, kNewLetter},
    {0x1138b, 0x1138b, kNewLetter}, {0x1138e, 0x1138e, kNewLetter}, {0x11390, 0x113b5, kNewLetter},
    {0x113b7, 0x113b7, kNewLetter}, {0x113d1, 0x113d1, kNewLetter}, {0x113d3, 0x113d3, kNewLetter},
    {0x116d0, 0x116e3, kNewNumber}, {0x11bc0, 0x11be0, kNewLetter}, {0x11bf0, 0x11bf9, kNewNumber},
    {0x13460, 0x143fa, kNewLetter}, {0x16100, 0x1611d, kNewLetter}, {0x16130, 0x16139, kNewNumber},
    {0x16d40, 0x16d6c, kNewLetter}, {0x16d70, 0x16d79, kNewNumber}, {0x18cff, 0x18cff, kNewLetter},
    {0x1ccf0, 0x1ccf9, kNewNumber}, {0x1e5d0, 0x1e5ed, kNewLetter}, {0x1e5f0, 0x1e5f0, kNewLetter},
    {0x1e5f1, 0x1e5fa, kNewNumber}, {0x2ebf0, 0x2ee5d, kNewLetter},
};
constexpr std::uint8_t kBertVersion = 8;  // of the tables behind BERT's normaliser

constexpr std::uint8_t kAnyVersion = 255;

icu::StringPiece string_piece(std::string_view text) {
  return {text.data(), static_cast<std::int32_t>(text.size())};
}

bool is_newer(char32_t code, std::uint8_t version) {
  if (code < 0x300) return false;
  UVersionInfo age;
  u_charAge(static_cast<UChar32>(code), age);
  return age[0] > version || (age[0] == version && age[1] > 0);
}

CharacterClass newer_class(char32_t code) {
  for (const NewerRange& range : kNewerRanges) {
    if (code >= range.first && code <= range.last) return range.kind;
  }
  return CharacterClass::kOther;
}

// Oniguruma's \s: White_Space, to which U+180E no longer belongs.
bool is_space(char32_t code) {
  return (code >= 0x09 && code <= 0x0d) || code == 0x20 || code == 0x85 || code == 0xa0 ||
         code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 ||
         code == 0x202f || code == 0x205f || code == 0x3000;
}

const icu::Normalizer2& composer() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const nfc = icu::Normalizer2::getNFCInstance(status);
  ARF_CHECK(U_SUCCESS(status), "ICU has no NFC data: {}", u_errorName(status));
  return *nfc;
}

// Leaves characters that are newer than kComposingVersion as they are, where they are. Slow.
const icu::Normalizer2& old_composer() {
  static const icu::UnicodeSet* const known = [] {
    UErrorCode status = U_ZERO_ERROR;
    auto* const set = new icu::UnicodeSet(u"[:age=9.0:]", status);
    ARF_CHECK(U_SUCCESS(status), "ICU has no ages: {}", u_errorName(status));
    return set->freeze();
  }();
  static const icu::FilteredNormalizer2 filtered(composer(), *known);
  return filtered;
}

// Nothing below U+0300 takes part in a composition: lead bytes up to 0xcb.
bool is_surely_composed(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char byte) { return static_cast<unsigned char>(byte) >= 0xcc; });
}

// Of characters that count as none, those that decompose into two marks of different classes. NFC
// never makes them.
std::u32string_view marks_in(char32_t code) {
  switch (code) {
    case 0x0f73:
      return U"\u0f71\u0f72";
    case 0x0f75:
      return U"\u0f71\u0f74";
    case 0x0f81:
      return U"\u0f71\u0f80";
    default:
      return {};
  }
}

// 0: no mark, or one newer than `version`, which stays where it is.
std::uint8_t class_of_mark(char32_t code, std::uint8_t version) {
  if (code < 0x300) return 0;
  const std::uint8_t found = u_getCombiningClass(static_cast<UChar32>(code));
  return found > 0 && is_newer(code, version) ? std::uint8_t{0} : found;
}

struct Survey {
  bool has_newer = false;       // characters
  bool has_disordered = false;  // marks, which no composed text has
};

Survey survey(std::string_view text) {
  Survey seen;
  std::uint8_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character next = character_at(text, at);
    const std::uint8_t own = class_of_mark(next.code, kComposingVersion);
    seen.has_newer |= is_newer(next.code, kComposingVersion);
    seen.has_disordered |= (own > 0 && own < before) || !marks_in(next.code).empty();
    before = own;
    at += next.length;
  }
  return seen;
}

struct Mark {
  std::uint8_t combining_class;
  char32_t code;
};

void append_in_order(std::vector<Mark>* marks, std::string* text) {
  std::stable_sort(marks->begin(), marks->end(), [](const Mark& a, const Mark& b) {
    return a.combining_class < b.combining_class;
  });
  for (const Mark& mark : *marks) append_utf8(mark.code, text);
  marks->clear();
}

// The text with each run of combining marks in the order of their classes, which is canonically
// equivalent (UAX #15): ICU sorts by insertion, and takes minutes for a run of 100,000.
std::string with_marks_in_order(std::string_view text, std::uint8_t version) {
  std::string ordered;
  ordered.reserve(text.size());
  std::vector<Mark> marks;
  for (std::size_t at = 0; at < text.size();) {
    const Character next = character_at(text, at);
    const std::u32string_view parts = marks_in(next.code);
    for (const char32_t part : parts) marks.push_back({class_of_mark(part, version), part});
    const std::uint8_t own = parts.empty() ? class_of_mark(next.code, version) : 0;
    if (own > 0) marks.push_back({own, next.code});
    if (own == 0 && parts.empty()) {
      append_in_order(&marks, &ordered);
      ordered.append(text, at, next.length);
    }
    at += next.length;
  }
  append_in_order(&marks, &ordered);
  return ordered;
}

// Mn as it was in kBertVersion.
bool is_accent(char32_t code) {
  if (code == 0x1734) return true;  // Mc since
  const bool became_one = code == 0x1885 || code == 0x1886 || code == 0xa9bd || code == 0x111c9;
  return !became_one && !is_newer(code, kBertVersion) &&
         u_charType(static_cast<UChar32>(code)) == U_NON_SPACING_MARK;
}

// Length of the longest beginning of a valid sequence at `bytes`, which holds no whole one.
std::size_t maximal_subpart(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(0);
  if (lead < 0xe0 || lead > 0xf4) return 1;
  unsigned char low = 0x80, high = 0xbf;  // of the second byte (Unicode 15, table 3-7)
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  if (bytes.size() < 2 || at(1) < low || at(1) > high) return 1;
  if (lead < 0xf0 || bytes.size() < 3 || (at(2) & 0xc0) != 0x80) return 2;
  return 3;
}

}  // namespace

void require_utf8(std::string_view text) {
  const std::size_t bad = first_invalid_utf8(text);
  if (bad == text.size()) return;
  input_error("byte {} of a text of {} bytes is not UTF-8 (0x{:02x}); convert it", bad, text.size(),
              static_cast<unsigned char>(text[bad]));
}

std::size_t character_begin(std::string_view text, std::size_t end) {
  std::size_t at = end - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  return at;
}

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
  };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xe0) return {(lead & 0x1f) << 6 | (byte(1) & 0x3f), 2};
  if (lead < 0xf0) return {(lead & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f), 3};
  return {(lead & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f),
          4};
}

void append_utf8(char32_t code, std::string* text) {
  const auto put = [&](char32_t bits) { text->push_back(static_cast<char>(bits)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
  }
  put(0x80 | (code & 0x3f));
}

CharacterClass class_of(char32_t code) {
  if (code == '\r' || code == '\n') return CharacterClass::kLineBreak;
  if (is_space(code)) return CharacterClass::kSpace;
  const std::uint32_t category = U_MASK(u_charType(static_cast<UChar32>(code)));
  if (category & U_GC_CN_MASK || is_newer(code, kClassesVersion)) return newer_class(code);
  if (category & U_GC_L_MASK) return CharacterClass::kLetter;
  return category & U_GC_N_MASK ? CharacterClass::kNumber : CharacterClass::kOther;
}

bool compose(std::string_view text, std::string* composed) {
  if (is_surely_composed(text)) return false;
  const Survey seen = survey(text);
  const icu::Normalizer2& nfc = seen.has_newer ? old_composer() : composer();
  UErrorCode status = U_ZERO_ERROR;
  // Whether a text is composed is found out by ordering its marks, too.
  const bool is_composed = !seen.has_disordered && nfc.isNormalizedUTF8(string_piece(text), status);
  ARF_CHECK(U_SUCCESS(status), "the NFC check of {} bytes failed: {}", text.size(),
            u_errorName(status));
  if (is_composed) return false;
  std::string ordered;
  if (seen.has_disordered) text = ordered = with_marks_in_order(text, kComposingVersion);
  composed->clear();
  icu::StringByteSink<std::string> sink(composed);
  nfc.normalizeUTF8(0, string_piece(text), sink, nullptr, status);
  ARF_CHECK(U_SUCCESS(status), "NFC of {} bytes failed: {}", text.size(), u_errorName(status));
  return true;
}

bool is_control(char32_t code) {
  if (code == '\t' || code == '\n' || code == '\r' || is_newer(code, kBertVersion)) return false;
  return (U_MASK(u_charType(static_cast<UChar32>(code))) &
          (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK | U_GC_CS_MASK)) != 0;
}

bool is_white_space(char32_t code) { return u_isUWhiteSpace(static_cast<UChar32>(code)); }

bool is_punctuation(char32_t code) {
  if (code < 0x80) {
    return (code >= 0x21 && code <= 0x2f) || (code >= 0x3a && code <= 0x40) ||
           (code >= 0x5b && code <= 0x60) || (code >= 0x7b && code <= 0x7e);
  }
  if (code == 0x166d || code == 0x111c9) return true;  // until Unicode 12 and 11
  return !is_newer(code, kBertVersion) &&
         (U_MASK(u_charType(static_cast<UChar32>(code))) & U_GC_P_MASK) != 0;
}

std::string without_accents(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const nfd = icu::Normalizer2::getNFDInstance(status);
  ARF_CHECK(U_SUCCESS(status), "ICU has no NFD data: {}", u_errorName(status));
  const std::string ordered = with_marks_in_order(text, kAnyVersion);
  std::string decomposed;
  icu::StringByteSink<std::string> sink(&decomposed);
  nfd->normalizeUTF8(0, string_piece(ordered), sink, nullptr, status);
  ARF_CHECK(U_SUCCESS(status), "NFD of {} bytes failed: {}", text.size(), u_errorName(status));
  std::string kept;
  for (std::size_t at = 0; at < decomposed.size();) {
    const Character next = character_at(decomposed, at);
    if (!is_accent(next.code)) kept.append(decomposed, at, next.length);
    at += next.length;
  }
  return kept;
}

std::string lower_cased(std::string_view text) {
  std::string lower;
  lower.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character next = character_at(text, at);
    if (next.code == 0x130) {  // the one character whose lower case is two
      lower += "i\xcc\x87";
    } else {
      append_utf8(static_cast<char32_t>(u_tolower(static_cast<UChar32>(next.code))), &lower);
    }
    at += next.length;
  }
  return lower;
}

bool is_word_character(char32_t code) {
  const auto c = static_cast<UChar32>(code);
  const std::uint32_t category = U_MASK(u_charType(c));
  return u_isUAlphabetic(c) || (category & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0 ||
         code == 0x200c || code == 0x200d;
}

std::string replace_invalid_utf8(std::string_view bytes) {
  std::string text;
  for (;;) {
    const std::size_t valid = first_invalid_utf8(bytes);
    text += bytes.substr(0, valid);
    bytes.remove_prefix(valid);
    if (bytes.empty()) return text;
    text += kReplacement;
    bytes.remove_prefix(maximal_subpart(bytes));
  }
}

}  // namespace arf
