#include "text/unicode.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <boost/test/unit_test.hpp>

#include "core/philox.h"
#include "text/byte_alphabet.h"

using namespace arf;

namespace {

std::string composed(std::string_view text) {
  std::string result;
  return compose(text, &result) ? result : std::string(text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unicode_test)

BOOST_AUTO_TEST_CASE(ComposesToNfc) {
  BOOST_TEST(composed("e\u0301") == "\u00e9");
  BOOST_TEST(composed("\u1100\u1161\u11a8") == "\uac01");   // Hangul
  BOOST_TEST(composed("\u212b") == "\u00c5");               // the Angstrom sign
  BOOST_TEST(composed("\u0958") == "\u0915\u093c");         // excluded from composition
  BOOST_TEST(composed("a\u0301\u0323") == "\u1ea1\u0301");  // marks in canonical order
  BOOST_TEST(composed("\ufb01") == "\ufb01");               // compatibility is kept
}

// Of texts of a few letters and of marks of many classes, some of which decompose into others.
std::string marked_text(std::uint64_t number) {
  constexpr std::u32string_view kLetters =
      U"aeo\u00e9\u1ea5\u0915\u1100\u1161\u0301\u0323\u0338\u0344\u0345\u0340\u05b0\u0f71\u0f72"
      U"\u0f73"
      U"\u0f75\u0f80\u0f81\u3099\u093c\u0c56\u1dce\U0001d165\U0001d16e";
  const RandomStream stream(1, Purpose::kTest, number);
  std::string text;
  for (std::uint32_t i = 0; i < 2 + stream.below(0, 12); ++i)
    append_utf8(kLetters[stream.below(1 + i, static_cast<std::uint32_t>(kLetters.size()))], &text);
  return text;
}

std::string by_icu(const icu::Normalizer2* normalizer, const std::string& text) {
  std::string made;
  icu::StringByteSink<std::string> sink(&made);
  UErrorCode status = U_ZERO_ERROR;
  normalizer->normalizeUTF8(0, text, sink, nullptr, status);
  BOOST_REQUIRE(U_SUCCESS(status));
  return made;
}

BOOST_AUTO_TEST_CASE(MarksAreComposedAsIcuComposesThem) {
  UErrorCode status = U_ZERO_ERROR;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const std::string text = marked_text(i);
    BOOST_REQUIRE(composed(text) == by_icu(icu::Normalizer2::getNFCInstance(status), text));
    std::string kept;  // of what is left: accents, which are of no spacing, are not
    const std::string decomposed = by_icu(icu::Normalizer2::getNFDInstance(status), text);
    for (std::size_t at = 0; at < decomposed.size();) {
      const Character next = character_at(decomposed, at);
      if (u_charType(static_cast<UChar32>(next.code)) != U_NON_SPACING_MARK)
        kept.append(decomposed, at, next.length);
      at += next.length;
    }
    BOOST_REQUIRE(without_accents(text) == kept);
  }
}

BOOST_AUTO_TEST_CASE(ManyMarksTakeNoQuadraticTime, *boost::unit_test::timeout(20)) {
  const auto repeated = [](const char* marks) {
    std::string text = "a";
    for (int i = 0; i < 200'000; ++i) text += marks;
    return text;
  };
  const std::string falling = repeated("\u0301") + repeated("\u0323").substr(1);
  for (const std::string& text : {falling, repeated("\u0301\u0323"), repeated("\u0323\u0301"),
                                  repeated("\u0f73"), repeated("\u0f81\u0344")}) {
    BOOST_TEST(composed(text) != text);
    BOOST_TEST(without_accents(text) == "a");
  }
}

BOOST_AUTO_TEST_CASE(ComposedTextIsLeftAlone) {
  std::string untouched = "untouched";
  for (const char* text : {"", "plain", "\u00e9t\u00e9", "\u4e2d\u6587", "\U0001F600"})
    BOOST_TEST(!compose(text, &untouched), text);
  BOOST_TEST(untouched == "untouched");
}

BOOST_AUTO_TEST_CASE(MarksNewerThanUnicode9AreNotReordered) {
  // U+07FD (Unicode 11) has a lower combining class than U+0301 today.
  BOOST_TEST(composed("x\u0301\u07fd") == "x\u0301\u07fd");
  BOOST_TEST(composed("x\u0301\u0323") == "x\u0323\u0301");
}

BOOST_AUTO_TEST_CASE(ClassesAreThoseOfUnicode16WhateverIcuIs) {
  BOOST_TEST((class_of(U'\u00e9') == CharacterClass::kLetter));
  BOOST_TEST((class_of(0x105c0) == CharacterClass::kLetter));  // Todhri, of Unicode 16
  BOOST_TEST((class_of(0x10d40) == CharacterClass::kNumber));  // Garay, of Unicode 16
  BOOST_TEST((class_of(0x2ee5d) == CharacterClass::kLetter));  // of Unicode 15.1
  BOOST_TEST((class_of(0x105f4) == CharacterClass::kOther));   // unassigned
}

BOOST_AUTO_TEST_CASE(EachMaximalPartOfInvalidUtf8IsReplaced) {
  const std::string bad = "\ufffd";
  BOOST_TEST(replace_invalid_utf8("caf\xc3\xa9") == "caf\xc3\xa9");
  BOOST_TEST(replace_invalid_utf8("a\xff\xfe"
                                  "b") == "a" + bad + bad + "b");
  BOOST_TEST(replace_invalid_utf8("\xf0\x9f\x98") == bad);  // an emoji without its end
  BOOST_TEST(replace_invalid_utf8("\xf0\x9f\x98z") == bad + "z");
  BOOST_TEST(replace_invalid_utf8("\xe4\xb8\xe4\xb8\xad") == bad + "\u4e2d");
  BOOST_TEST(replace_invalid_utf8("\x80\x80") == bad + bad);
  BOOST_TEST(replace_invalid_utf8("\xe0\x80\x80") == bad + bad + bad);  // overlong
  BOOST_TEST(replace_invalid_utf8("\xed\xa0\x80") == bad + bad + bad);  // a surrogate
  BOOST_TEST(replace_invalid_utf8("\xf4\x90\x80\x80") == bad + bad + bad + bad);
  BOOST_TEST(replace_invalid_utf8("\xc3") == bad);
}

BOOST_AUTO_TEST_CASE(EveryByteHasItsOwnLetter) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string bytes(1, static_cast<char>(byte));
    const auto back = read_spelling(spell_bytes(bytes));
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST(*back == bytes);
  }
  BOOST_TEST(spell_bytes(" a\n~\xad") == "\u0120a\u010a~\u0143");
  BOOST_TEST(byte_of_rank(0) == '!');
  BOOST_TEST(byte_of_rank(188) == 0x00);
  BOOST_TEST(!read_spelling("a b").has_value());  // a plain space is no letter of the alphabet
  BOOST_TEST(!read_spelling("\u4e2d").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
