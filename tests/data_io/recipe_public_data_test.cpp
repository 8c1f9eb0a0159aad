// configs/tasks/emotion3.ini on the public data: how many texts of each source and class are in
// which part.
#include <array>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <set>

#include "data_io/recipe_rows.h"
#include "data_io/text_cleaner.h"
#include "tests/data_io/public_data.h"

using namespace arf;

namespace {

constexpr const char* kFile = ARF_SOURCE_DIR "/configs/tasks/emotion3.ini";

Recipe emotion3() {
  std::ifstream file(kFile);
  BOOST_REQUIRE(file.good());
  Recipe recipe;
  recipe.task = "emotion3";
  const std::string begin = "source = ";
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(begin))
      recipe.lines.push_back(parse_recipe_line(line.substr(begin.size()), kFile, kPublicData));
  }
  BOOST_REQUIRE(recipe.lines.size() == 6u);
  return recipe;
}

std::uint64_t left_out(const SourceCensus& census) {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : census.left_out) sum += count;
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_public_data_test)

BOOST_AUTO_TEST_CASE(Emotion3Whole) {
  if (!public_data_is_there()) return;
  const RecipeResult result = follow_recipe(emotion3());
  std::map<std::string, SourceCensus> sources;
  for (const SourceCensus& source : result.sources) sources[source.name] = source;
  // Train, validation, test; the shares of a split are those of its classes, rounded.
  using Counts = std::array<std::uint64_t, kNumParts>;
  const std::map<std::string, Counts> wanted = {{"goemotions", {34250, 1803, 4538}},
                                                {"isear", {6273, 368, 739}},
                                                {"dailydialog", {11931, 701, 1404}},
                                                {"sentiment140", {12750, 750, 1500}}};
  BOOST_REQUIRE(sources.size() == wanted.size());
  for (const auto& [name, counts] : wanted) {
    const SourceCensus& source = sources.at(name);
    const Counts got{source.rows_of(SplitPart::kTrain), source.rows_of(SplitPart::kValidation),
                     source.rows_of(SplitPart::kTest)};
    BOOST_TEST(got == counts, boost::test_tools::per_element());
    BOOST_TEST(source.read == source.kept() + left_out(source));
  }
  // Of 43,410 and 5,426 comments 7,102 and 878 have several labels.
  BOOST_TEST(sources.at("goemotions").not_read.at("several labels") == 7102u + 878u);
  BOOST_TEST(sources.at("goemotions").read == 43410u + 5426u - 7102u - 878u);
  BOOST_TEST(sources.at("dailydialog").skipped == 6u);
  BOOST_TEST(sources.at("sentiment140").kept() == 15000u);
}

BOOST_AUTO_TEST_CASE(Emotion3HasNoTextTwice) {
  if (!public_data_is_there()) return;
  const RecipeResult result = follow_recipe(emotion3());
  std::set<std::string> keys, ids;
  std::size_t links = 0, references = 0;
  for (const RecipeRow& one : result.rows) {
    BOOST_REQUIRE(one.row.turns.size() == 1u);
    const std::string& text = one.row.turns[0].text;
    BOOST_REQUIRE(keys.insert(text_key(text)).second);
    BOOST_REQUIRE(ids.insert(one.row.id).second);
    BOOST_REQUIRE(one.row.task == "emotion3");
    links += text.find("http://") != std::string::npos;
    references +=
        text.find("&quot;") != std::string::npos || text.find("&lt;") != std::string::npos;
  }
  BOOST_TEST(links < 10u);  // "http://" with nothing behind it, or in a word
  BOOST_TEST(references == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
