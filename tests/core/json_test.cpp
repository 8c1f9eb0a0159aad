#include "core/json.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "core/error.h"
#include "core/printable_json.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_test)

BOOST_AUTO_TEST_CASE(NestingIsReadUpToItsLimit) {
  BOOST_CHECK_NO_THROW(parse_sorted_json(nested(kDeepestJson), "x.json"));
  BOOST_CHECK_EXCEPTION(
      parse_sorted_json(nested(kDeepestJson + 1), "x.json"), Error,
      has("x.json: is nested deeper than 200 levels at byte 200", ExitCode::kInput));
  // Printing or copying it would need a stack of this depth.
  BOOST_CHECK_EXCEPTION(parse_sorted_json(nested(1'000'000), "x.json"), Error,
                        has("nested", ExitCode::kInput));
}

// A key of an ordered object is found by looking at all: a million of them take an hour.
BOOST_AUTO_TEST_CASE(OrderedObjectOfManyKeysIsRefused) {
  const auto object_of = [](std::size_t keys) {
    std::string text = "{";
    for (std::size_t i = 0; i < keys; ++i) text += (i ? ",\"" : "\"") + std::to_string(i) + "\":{}";
    return text + "}";
  };
  const std::string most = object_of(kMostOrderedKeys);
  BOOST_TEST(parse_json("[" + most + "," + most + "]", "x.json")[1].size() == kMostOrderedKeys);
  BOOST_CHECK_EXCEPTION(parse_json("[" + object_of(1'000'000) + "]", "x.json"), Error,
                        has("x.json: has an object of more than 4096 keys", ExitCode::kInput));
  BOOST_TEST(parse_sorted_json(object_of(10'000), "x.json").size() == 10'000u);
}

// Far below a second; a parser that looks at the siblings of each value would take minutes.
BOOST_AUTO_TEST_CASE(ManySiblingsTakeALinearTime) {
  std::string text = "[{}";
  for (int i = 1; i < 1'000'000; ++i) text += ",{}";
  text += "]";
  const auto begun = std::chrono::steady_clock::now();
  BOOST_TEST(parse_json(text, "x.json").size() == 1'000'000u);
  BOOST_TEST(parse_sorted_json(text, "x.json").size() == 1'000'000u);
  BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds(60)));
}

BOOST_AUTO_TEST_CASE(MoreValuesThanAFileHasAreRefused) {
  std::string text(2 * kMostJsonValues + 3, ',');  // a zero more than that, in brackets
  for (std::size_t i = 1; i < text.size(); i += 2) text[i] = '0';
  text.front() = '[';
  text.back() = ']';
  BOOST_CHECK_EXCEPTION(parse_json(text, "x.json"), Error,
                        has("x.json: has more than 8388608 values", ExitCode::kInput));
  text.resize(text.size() - 2);
  text.back() = ']';
  BOOST_TEST(parse_sorted_json(text, "x.json").size() == kMostJsonValues);
}

BOOST_AUTO_TEST_CASE(WhatIsNoJsonIsDiscarded) {
  BOOST_TEST(json_if_valid("{\"a\":1}")["a"] == 1);
  for (const std::string& text : {std::string(), std::string("{\"a\":"), nested(1'000'000)}) {
    BOOST_TEST(json_if_valid(text).is_discarded());
  }
}

BOOST_AUTO_TEST_CASE(BracketsInStringsAreNoNesting) {
  const std::string text = std::string("[\"") + std::string(1000, '[') + R"(\\",[]])";
  BOOST_TEST(parse_sorted_json(text, "x.json")[0].get<std::string>().size() == 1001u);
  const std::string quoted = R"(["\"[{\"",)" + nested(kDeepestJson - 1) + "]";
  BOOST_TEST(parse_sorted_json(quoted, "x.json").size() == 2u);
}

BOOST_AUTO_TEST_CASE(WhatDoesNotParseIsNamed) {
  for (const char* text : {"", "[", "\"", "\"\\", "]]]", "{\"a\":1e999}", "\"\xff\""}) {
    BOOST_CHECK_EXCEPTION(parse_sorted_json(text, "x.json"), Error,
                          has("x.json: is not valid JSON", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(NoControlCharacterOfAValueReachesATerminal) {
  const Json value = {{"a\u009b", "\x1b[31m \x7f \u0080\u009f \u00a0 \u00e9 \u4e2d"}};
  const std::string text = printable_json(value);
  BOOST_TEST(text == "{\"a\\u009b\":\"\\u001b[31m \\u007f \\u0080\\u009f \u00a0 \u00e9 \u4e2d\"}");
  BOOST_TEST((parse_json(text, "x") == value));
}

BOOST_AUTO_TEST_SUITE_END()
