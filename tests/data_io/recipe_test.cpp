#include "data_io/recipe.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "core/file.h"
#include "core/hash.h"
#include "data_io/describe.h"
#include "data_io/recipe_folder.h"
#include "data_io/text_cleaner.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

RecipeLine line_of(const std::string& text, const std::string& root = "") {
  return parse_recipe_line(text, "r.ini:7", root);
}

void refused(const std::string& text, const std::string& words) {
  BOOST_CHECK_EXCEPTION(line_of(text), Error, has("r.ini:7: ", ExitCode::kUsage));
  BOOST_CHECK_EXCEPTION(line_of(text), Error, has(words, ExitCode::kUsage));
}

struct Text {
  std::string text;
  int target = 0;  // of Sentiment140: 0 bad, 2 neutral, 4 good
};

std::string csv(const std::vector<Text>& texts) {
  std::string out;
  for (const Text& one : texts) {
    std::string quoted;
    for (const char c : one.text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    out += fmt::format("\"{}\",\"1\",\"d\",\"q\",\"u\",\"{}\"\n", one.target, quoted);
  }
  return out;
}

Recipe recipe_of(const TemporaryFolder& folder, const std::vector<std::string>& lines) {
  Recipe recipe;
  recipe.task = "t";
  for (const std::string& line : lines) recipe.lines.push_back(line_of(line, folder.path()));
  return recipe;
}

RecipeResult follow(const TemporaryFolder& folder, const std::vector<std::string>& lines) {
  return follow_recipe(recipe_of(folder, lines));
}

std::uint64_t left_out(const SourceCensus& census) {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : census.left_out) sum += count;
  return sum;
}

std::map<std::string, SplitPart> parts_by_text(const RecipeResult& result) {
  std::map<std::string, SplitPart> parts;
  for (const RecipeRow& one : result.rows) parts[one.row.turns[0].text] = one.part;
  return parts;
}

std::vector<Text> numbered(const std::string& begin, int count) {
  std::vector<Text> texts;
  for (int i = 0; i < count; ++i) texts.push_back({begin + " " + std::to_string(i), i % 2 ? 4 : 0});
  return texts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_test)

BOOST_AUTO_TEST_CASE(ALineHasNameFormatFilesAndKeys) {
  const RecipeLine line = line_of(
      "talk dailydialog a/b.txt.gz limit=5 c.txt part=validation on_error=skip utterances=true",
      "/data");
  BOOST_TEST(line.name == "talk");
  BOOST_TEST(line.import.format == "dailydialog");
  BOOST_TEST((line.import.input == std::vector<std::string>{"/data/a/b.txt.gz", "/data/c.txt"}));
  BOOST_TEST(line.limit == 5u);
  BOOST_TEST((line.part == SplitPart::kValidation));
  BOOST_TEST(line.import.on_error == "skip");
  BOOST_TEST(line.import.utterances);
  BOOST_TEST(line.import.limit == 0);
}

BOOST_AUTO_TEST_CASE(ALineWithoutKeysIsSplit) {
  const RecipeLine line = line_of("g_2 goemotions /whole/path.tsv");
  BOOST_TEST((line.import.input == std::vector<std::string>{"/whole/path.tsv"}));
  BOOST_TEST(!line.part);
  BOOST_TEST(line.limit == 0u);
  BOOST_TEST(!line.import.single_label);
  BOOST_TEST(!line_of("g goemotions f part=split").part);
  BOOST_TEST(line_of("g goemotions f labels=single").import.single_label);
  BOOST_TEST(line.import.ratings == "auto");
  BOOST_TEST(line_of("t topical_chat f ratings=turn").import.ratings == "turn");
  BOOST_TEST(line_of("t isear f ratings=none").import.ratings == "none");
}

BOOST_AUTO_TEST_CASE(WrongLinesAreRefusedByPlaceAndValue) {
  refused("", "`` is no name of a source");
  refused("a-b isear f", "`a-b` is no name of a source");
  refused("a", "`` is no format");
  refused("a goemotion f", "`goemotion` is no format; a source's second word is one of");
  refused("a isear", "source `a` names no file");
  refused("a isear limit=3", "source `a` names no file");
  refused("a isear f limit=0", "limit is `0`; it takes a number of rows from 1");
  refused("a isear f limit=-3", "limit is `-3`");
  refused("a isear f limit=3k", "limit is `3k`");
  refused("a isear f limit=", "limit is ``");
  refused("a isear f limit=99999999999999999999999", "limit is `9");
  refused("a isear f part=dev", "part is `dev`; it takes train, validation, test or split");
  refused("a isear f part=train part=test", "part is given twice for `a`");
  refused("a isear f part=train part=train", "part is given twice for `a`");
  refused("a isear f lmit=3", "`lmit` is no key of a source; it takes part, limit");
  refused("a isear f utterances=true", "utterances is for dailydialog, not for isear");
  refused("a isear f labels=single", "labels is for goemotions, not for isear");
  refused("a isear f ratings=turn", "ratings is `turn`; isear takes none");
  refused("a topical_chat f ratings=dialogue",
          "ratings is `dialogue`; topical_chat takes none|turn");
  refused("a topical_chat f ratings=", "ratings is ``");
  refused("a topical_chat f ratings=none|turn", "ratings is `none|turn`");
  refused("a goemotions f labels=one", "labels is `one`; it takes single or one_class");
  refused("a dailydialog f utterances=1", "utterances is `1`; it takes true or false");
  refused("a isear f on_error=go", "on_error is `go`; it takes stop or skip");
}

BOOST_AUTO_TEST_CASE(AFileThatIsNotThereIsToldByItsLine) {
  const TemporaryFolder folder;
  Recipe recipe = recipe_of(folder, {"a isear none.csv"});
  BOOST_CHECK_EXCEPTION(
      check_recipe_files(recipe), Error,
      has("r.ini:7: " + (folder / "none.csv").string() + ": there is no such file; --import.root",
          ExitCode::kInput));
  recipe.lines[0].import.input = {folder.path().string()};
  BOOST_CHECK_EXCEPTION(check_recipe_files(recipe), Error, has("is a directory", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(EverythingReadIsAccountedFor) {
  const TemporaryFolder folder;
  folder.write("a.csv", csv({{"One @x", 0},
                             {"one  @y", 0},
                             {"two", 4},
                             {"two", 0},
                             {"@x", 0},
                             {" ", 4},
                             {"three http://a.b", 2},
                             {"four", 4},
                             {"four", 4},
                             {"four", 0}}));
  folder.write("b.csv", csv({{"FOUR", 4}, {"three http://c.d/e", 0}, {"five &amp; six", 2}}));
  const RecipeResult result = follow(folder, {"a sentiment140 a.csv", "b sentiment140 b.csv"});
  const SourceCensus &a = result.sources.at(0), &b = result.sources.at(1);
  BOOST_TEST(a.read == 10u);
  BOOST_TEST(a.kept() == 3u);
  BOOST_TEST(left_out(a) == 7u);
  BOOST_TEST(a.left_out.at("the same text and class again") == 2u);
  BOOST_TEST(a.left_out.at("the same text, as often of another class") == 2u);
  BOOST_TEST(a.left_out.at("the same text, more often of another class") == 1u);
  BOOST_TEST(a.left_out.at("nothing but links and user names") == 1u);
  BOOST_TEST(a.left_out.at("an empty text") == 1u);
  BOOST_TEST(a.cleaned.at("user names") == 3u);
  BOOST_TEST(b.read == 3u);
  BOOST_TEST(b.left_out.at("the same text in an earlier source") == 1u);
  BOOST_TEST(b.left_out.at("the same text in an earlier source, of another class") == 1u);
  BOOST_TEST(b.kept() == 1u);
  const Dialogue& row = result.rows.at(3).row;
  BOOST_TEST(row.turns[0].text == "five & six");
  BOOST_TEST(row.source == "b");
  BOOST_TEST(row.task == "t");
  BOOST_TEST(row.id == "b-3");
  BOOST_TEST(row.provenance.file == "b.csv");
}

// Generated sources with texts in common, in every form that cleaning makes one of.
BOOST_AUTO_TEST_CASE(NoTextIsInTwoParts) {
  for (int round = 0; round < 20; ++round) {
    const TemporaryFolder folder;
    std::uint64_t key = 0;
    const auto below = [&](std::uint64_t limit) {
      return xxh3(fmt::format("{} {}", round, key++)) % limit;
    };
    const std::string forms[] = {"Text {} http://a.b/{}", "text {}  http://c.d",
                                 "TEXT {} http://e.f/{}", " text&#32;{} http://g.h", "{} only"};
    const auto texts = [&] {
      std::vector<Text> made;
      for (int i = 0; i < 400; ++i) {
        const auto number = below(300);
        made.push_back({fmt::format(fmt::runtime(forms[below(5)]), number, i),
                        static_cast<int>(2 * below(3))});
      }
      return made;
    };
    for (const char* name : {"a.csv", "b.csv", "c.csv"}) folder.write(name, csv(texts()));
    const RecipeResult result =
        follow(folder, {"a sentiment140 a.csv part=test", "a sentiment140 b.csv limit=100",
                        "c sentiment140 c.csv"});
    std::set<std::string> keys;
    for (const RecipeRow& one : result.rows)
      BOOST_REQUIRE(keys.insert(text_key(one.row.turns[0].text)).second);
    std::set<SplitPart> parts;
    for (const RecipeRow& one : result.rows) parts.insert(one.part);
    BOOST_TEST(parts.size() == kNumParts);
    for (const SourceCensus& source : result.sources)
      BOOST_TEST(source.read == source.kept() + left_out(source));
  }
}

BOOST_AUTO_TEST_CASE(APartDoesNotDependOnTheFilesOrder) {
  const TemporaryFolder folder;
  std::vector<Text> texts = numbered("text", 300);
  folder.write("a.csv", csv(texts));
  const auto forward = parts_by_text(follow(folder, {"a sentiment140 a.csv limit=200"}));
  std::reverse(texts.begin(), texts.end());
  folder.write("a.csv", csv(texts));
  BOOST_TEST((forward == parts_by_text(follow(folder, {"a sentiment140 a.csv limit=200"}))));
  BOOST_TEST(forward.size() == 200u);
}

BOOST_AUTO_TEST_CASE(AFileMayBeAPartAndTheOthersAreSplitWithoutIt) {
  const TemporaryFolder folder;
  folder.write("train.csv", csv(numbered("train", 200)));
  std::vector<Text> held = numbered("held", 40);
  held.push_back({"train 0", 0});
  folder.write("held.csv", csv(held));
  const RecipeResult result =
      follow(folder, {"a sentiment140 held.csv part=test", "a sentiment140 train.csv"});
  const SourceCensus& census = result.sources.at(0);
  BOOST_TEST(result.sources.size() == 1u);
  BOOST_TEST(census.rows_of(SplitPart::kTest) == 41u);
  BOOST_TEST(census.rows_of(SplitPart::kValidation) == 10u);  // 5 % of 100 good and 99 bad
  BOOST_TEST(census.rows_of(SplitPart::kTrain) == 189u);
  BOOST_TEST((parts_by_text(result).at("train 0") == SplitPart::kTest));  // its file comes first
  std::set<std::string> ids;
  for (const RecipeRow& one : result.rows) BOOST_REQUIRE(ids.insert(one.row.id).second);
  BOOST_TEST(ids.count("a.1-1") == 1u);
  BOOST_TEST(ids.count("a.2-2") == 1u);
}

BOOST_AUTO_TEST_CASE(SeveralLabelsAreLeftOutOnlyWhereOneIsAskedFor) {
  const TemporaryFolder folder;
  folder.write("labels.txt", "anger\ndisgust\njoy\n");
  folder.write("g.tsv", "a\t0\ti\nb\t0,1\ti\nc\t0,2\ti\n");
  const SourceCensus one = follow(folder, {"g goemotions g.tsv labels=single"}).sources.at(0);
  BOOST_TEST(one.kept() == 1u);
  BOOST_TEST(one.read == 1u);
  BOOST_TEST(one.not_read.at("several labels") == 2u);
  const SourceCensus all = follow(folder, {"g goemotions g.tsv"}).sources.at(0);
  BOOST_TEST(all.kept() == 2u);
  BOOST_TEST(all.not_read.at("labels of several classes") == 1u);
}

BOOST_AUTO_TEST_CASE(ASourceOfWhichNothingIsLeftIsRefused) {
  const TemporaryFolder folder;
  folder.write("a.csv", csv({{"@x", 0}, {"", 4}}));
  BOOST_CHECK_EXCEPTION(follow(folder, {"a sentiment140 a.csv"}), Error,
                        has("r.ini:7: source `a`: of 2 texts none is left", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(DialoguesHaveTheClassOfTheirMean) {
  Dialogue row;
  BOOST_TEST(label_of(row) == 3u);
  row.turns = {{TurnRole::kUser, "a", std::nullopt, {}},
               {TurnRole::kAssistant, "b", Satisfaction{1, 0, 0}, {}},
               {TurnRole::kAssistant, "c", Satisfaction{0, 0.4f, 0.6f}, {}},
               {TurnRole::kAssistant, "d", Satisfaction{0, 0.4f, 0.6f}, {}}};
  BOOST_TEST(label_of(row) == 2u);
}

BOOST_AUTO_TEST_CASE(TheFolderIsDescribedAndADamagedOneRefused) {
  const TemporaryFolder folder;
  folder.write("a.csv", csv(numbered("text", 100)));
  const Recipe recipe = recipe_of(folder, {"a sentiment140 a.csv"});
  fs::create_directory(folder / "r");
  const Json json = write_recipe_folder(folder / "r", recipe, follow_recipe(recipe));
  BOOST_TEST(json["parts"]["train"]["rows"] == 84);  // of each 50, 5 and 3 are held out
  const Json described = describe(folder / "r");
  BOOST_TEST(described["kind"] == "recipe");
  BOOST_TEST(described["digest"] == json["digest"]);
  BOOST_TEST(described["parts"] == json["parts"]);
  BOOST_TEST(described["sources"]["a"] == 100);
  fs::remove_all(folder / "r/test");
  BOOST_CHECK_EXCEPTION(describe(folder / "r"), Error,
                        has("the digest of the parts is", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
