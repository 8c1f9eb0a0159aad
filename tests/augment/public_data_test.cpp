// Synonyms in the real answers of Alpaca and GSM8K: what must hold of every text.
#include "tests/data_io/public_data.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "augment/synonym_substitution.h"
#include "augment/token.h"
#include "data_io/importers.h"
#include "tests/augment/shared_wordnet.h"
#include "tests/data_io/import_helpers.h"

using namespace arf;

namespace {

std::vector<std::string> answers(const std::string& format, const std::string& file) {
  ImportSettings settings = settings_of(format, kPublicData / file);
  settings.limit = 1500;
  std::vector<std::string> found;
  for (const Dialogue& row : import_with(settings).rows) found.push_back(row.turns[1].text);
  return found;
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

struct Seen {
  std::size_t texts = 0, changed = 0, most_words = 0;
};

// All rounds of all texts: as many tokens as before, the same digits, few words changed.
Seen check_variants(const std::vector<std::string>& texts) {
  Seen seen;
  for (const std::string& text : texts) {
    const auto sites = find_sites(text, shared_tools());
    const auto before = tokenize_text(text);
    seen.changed += !sites.empty();
    ++seen.texts;
    for (std::uint32_t round = 1; round <= 4; ++round) {
      std::uint32_t number = 0;
      const std::string variant = substitute(
          text, sites, {}, RandomStream(1, Purpose::kSynonym, seen.texts, round), &number);
      const auto after = tokenize_text(variant);
      BOOST_REQUIRE_MESSAGE(after.size() == before.size(), variant);
      BOOST_REQUIRE_MESSAGE(digits_of(variant) == digits_of(text), variant);
      std::size_t words = 0;
      for (std::size_t i = 0; i < after.size(); ++i) {
        const std::string_view was = before[i].of(text), is = after[i].of(variant);
        if (was == is) continue;
        BOOST_REQUIRE_MESSAGE(after[i].capitals == before[i].capitals, was << " became " << is);
        const bool article = was == "a" || was == "an" || was == "A" || was == "An";
        words += !article;
      }
      BOOST_REQUIRE_MESSAGE(words <= 10, variant);
      BOOST_REQUIRE_MESSAGE((words > 0) == !sites.empty(), variant);
      seen.most_words = std::max(seen.most_words, words);
    }
  }
  return seen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(public_data_test)

BOOST_AUTO_TEST_CASE(AlpacaAnswersKeepTheirShape) {
  if (!public_data_is_there()) return;
  const Seen seen = check_variants(answers("alpaca", "alpaca/alpaca_data_en.json.gz"));
  BOOST_TEST(seen.texts == 1500u);
  BOOST_TEST(seen.changed > 600u);
  BOOST_TEST(seen.most_words > 2u);
}

BOOST_AUTO_TEST_CASE(Gsm8kAnswersKeepTheirShapeAndNumbers) {
  if (!public_data_is_there()) return;
  const Seen seen = check_variants(answers("gsm8k", "gsm8k/train.jsonl.gz"));
  BOOST_TEST(seen.texts == 1500u);
  BOOST_TEST(seen.changed > 450u);
}

BOOST_AUTO_TEST_SUITE_END()
