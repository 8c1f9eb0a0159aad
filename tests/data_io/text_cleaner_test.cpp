#include "data_io/text_cleaner.h"

#include <boost/test/unit_test.hpp>

#include "core/utf8.h"
#include "data_io/html_entities.h"
#include "data_io/text_marks.h"

using namespace arf;

namespace {

std::string cleaned(const std::string& text) { return TextCleaner().clean(text); }

}  // namespace

BOOST_AUTO_TEST_SUITE(text_cleaner_test)

BOOST_AUTO_TEST_CASE(ReferencesBecomeCharactersOnce) {
  BOOST_TEST(decode_entities("a &lt;3 b &amp; &quot;c&quot; &#39;d&#x27; &apos;") ==
             "a <3 b & \"c\" 'd' '");
  BOOST_TEST(decode_entities("&amp;lt;") == "&lt;");
  BOOST_TEST(decode_entities("&#8217;&#x1F602;&#233;") == "\u2019\U0001F602\u00e9");
}

BOOST_AUTO_TEST_CASE(WhatIsNoReferenceStays) {
  for (const std::string text :
       {"A&E", "R&B; and", "&", "&;", "&#;", "&#x;", "&unknown;", "&amp", "&#xd800;", "&#x110000;",
        "&#0;", "&#7;", "&#99999999999999999999;", "& amp;", "&#-5;", "&#12z;"})
    BOOST_TEST(decode_entities(text) == text);
}

BOOST_AUTO_TEST_CASE(LinksAndUserNamesBecomeMarks) {
  BOOST_TEST(cleaned("see http://a.b/c?d=e&f=g#h, or www.x.org.") == "see http, or http.");
  BOOST_TEST(cleaned("(HTTPS://a.b/c) Www.d.e!") == "(http) http!");
  BOOST_TEST(cleaned("@some_one2 hi @B: you") == "@user hi @user: you");
  BOOST_TEST(cleaned("\U0001F602@name \u201c@other\u201d") == "\U0001F602@user \u201c@user\u201d");
  BOOST_TEST(cleaned("thanks u/some-body and /u/x_1!") == "thanks @user and @user!");
  BOOST_TEST(cleaned("write to first.last+tag@mail.example.org, please") ==
             "write to @user, please");
}

BOOST_AUTO_TEST_CASE(WhatIsNoLinkAndNoNameStays) {
  for (const std::string text :
       {"at @ 11", "it was @11:22PM", "closes@11...on", "song@once", "menu/card", "you/me",
        "w/o u/", "www. what", "http:// nothing", "awww.that.is", "@", "a @ b", "_@", "r/things",
        "this is http", "@user"})
    BOOST_TEST(cleaned(text) == text);
}

BOOST_AUTO_TEST_CASE(WhatPeopleWroteStays) {
  for (const std::string text :
       {"[NAME] is right :) :-(", "\U0001F468\u200d\U0001F469\u200d\U0001F467 \u2764\ufe0f",
        "caf\u00e9 na\u00efve \u00a3 5", "\u0434\u0430", "#tag \\o/ \"quoted\""})
    BOOST_TEST(cleaned(text) == text);
}

BOOST_AUTO_TEST_CASE(BlanksAndControlCharactersAreJoined) {
  BOOST_TEST(cleaned(" \t a\u00a0 b\r\nc\u200b\u2028d \x01\x7f ") == "a b c d");
  BOOST_TEST(cleaned("a &nbsp; b&#x200B;c") == "a b c");
  BOOST_TEST(cleaned(" \n\u3000") == "");
}

BOOST_AUTO_TEST_CASE(Utf8ThatWasReadAsLatin1IsReadAnew) {
  BOOST_TEST(cleaned("sch\u00c3\u00b6n") == "sch\u00f6n");
  BOOST_TEST(cleaned("it\u00e2\u0080\u0099s") == "it\u2019s");
  BOOST_TEST(cleaned("\u00f0\u009f\u0098\u0082") == "\U0001F602");
  // Characters above U+00FF were not read as Latin-1; \u00c3 alone is a letter.
  BOOST_TEST(cleaned("\u00c3\u00b6 \u0434") == "\u00c3\u00b6 \u0434");
  BOOST_TEST(cleaned("\u00c3A") == "\u00c3A");
}

BOOST_AUTO_TEST_CASE(ChangesAreCountedOnceAText) {
  TextCleaner cleaner;
  for (const std::string text : {"@a @b http://c.d &amp; &lt;", "@e", "plain", "plain  blanks"})
    cleaner.clean(text);
  BOOST_TEST(cleaner.texts_with(TextCleaner::kUserNames) == 2u);
  BOOST_TEST(cleaner.texts_with(TextCleaner::kLinks) == 1u);
  BOOST_TEST(cleaner.texts_with(TextCleaner::kEntities) == 1u);
  BOOST_TEST(cleaner.texts_with(TextCleaner::kEncoding) == 0u);
}

BOOST_AUTO_TEST_CASE(MarksAloneSayNothing) {
  for (const std::string text : {"", " ", "@user", "http", "@user http @user"})
    BOOST_TEST(!says_something(text), text);
  for (const std::string text : {"@user :)", "?", "https", "\U0001F602", "@user http a"})
    BOOST_TEST(says_something(text), text);
}

BOOST_AUTO_TEST_CASE(KeysAreEqualWhereAReaderSeesNoDifference) {
  BOOST_TEST(text_key("It \u2019 s  So .") == text_key("it's so."));
  BOOST_TEST(text_key("\u201cA\u201d\u00a0\u2018b\u2019") == text_key("\"a\" 'B'"));
  BOOST_TEST(text_key("so :)") != text_key("so :("));
  BOOST_TEST(text_key("so!") != text_key("so?"));
  BOOST_TEST(text_key("\U0001F602") != text_key("\U0001F62D"));
}

// Whatever stands in a text: UTF-8 comes out, and what is clean stays as it is.
BOOST_AUTO_TEST_CASE(CleaningTwiceIsCleaningOnce) {
  const std::string pieces[] = {"@",          "a",      "u/",    ".", "http://", "www.",
                                " ",          "&lt;",   "&amp;", "#", "\u00f6",  "\u200b",
                                "\U0001F602", "b@c.de", ";",     "1", "\""};
  std::uint64_t state = 1;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = 0; i < 8; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      text += pieces[(state >> 33) % std::size(pieces)];
    }
    const std::string once = cleaned(text);
    BOOST_REQUIRE(is_utf8(once));
    // References are decoded once: "&amp;lt;" is the text "&lt;".
    if (once.find('&') == std::string::npos) BOOST_REQUIRE_MESSAGE(cleaned(once) == once, text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
