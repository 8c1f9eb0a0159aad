#include "scoring/source_measures.h"

#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

Dialogue row_of(const std::string& source, const std::string& text, int c) {
  Dialogue row;
  row.id = source + text;
  row.source = source;
  row.turns = {{TurnRole::kUser, text, one_hot(c), {}}};
  return row;
}

// Parts of two sources: in "a" the class is what the text says, "b" is mostly good.
void write_parts(const std::filesystem::path& path) {
  std::uint64_t next = 0;
  for (const char* part : {"train", "validation", "test"}) {
    std::vector<Dialogue> rows;
    const int count = part == std::string("train") ? 120 : 40;
    for (int i = 0; i < count; ++i, ++next) {
      const auto [text, c] = toy_text(next);
      const std::string unique = text + " " + std::to_string(next);
      rows.push_back(i % 4 == 3 ? row_of("b", "say " + unique, i % 16 == 3 ? 0 : 2)
                                : row_of("a", unique, c));
    }
    write_corpus(path / part, rows);
  }
}

const Measures& of(const SourceMeasures& source, const std::string& name) {
  for (const auto& [key, measures] : source.measures) {
    if (key == name) return measures;
  }
  throw std::logic_error("no " + name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(source_measures_test)

BOOST_AUTO_TEST_CASE(PartsOfAFolderAreTheSides) {
  const TemporaryFolder folder;
  write_parts(folder / "recipe");
  const ExampleSet set = read_labelled_texts(small_scorer(), {(folder / "recipe").string()}, 1);
  BOOST_TEST(set.training.size() == 120u);
  BOOST_TEST(set.validation.size() == 40u);
  BOOST_TEST(set.test.size() == 40u);
  BOOST_TEST((set.sources == std::vector<std::string>{"a", "b"}));
  BOOST_TEST(set.training[3].source == 1u);
  BOOST_TEST(set.test[4].source == 0u);
}

BOOST_AUTO_TEST_CASE(APartThatIsMissingAndAMixtureAreRefused) {
  const TemporaryFolder folder;
  write_parts(folder / "recipe");
  const std::string recipe = (folder / "recipe").string();
  BOOST_CHECK_EXCEPTION(corpus_parts({recipe, recipe + "/train"}), Error,
                        has("one is a corpus and the other one is in parts", ExitCode::kUsage));
  BOOST_TEST(corpus_parts({recipe + "/train", recipe + "/test"}).size() == 2u);
  BOOST_TEST(corpus_parts({recipe, recipe}).size() == 6u);
  std::filesystem::remove_all(folder / "recipe/test");
  std::filesystem::remove_all(folder / "recipe/train");
  BOOST_CHECK_EXCEPTION(corpus_parts({recipe}), Error,
                        has("holds validation/ and no train/ and test/", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(EverySourceIsMeasuredBesideWhatItsClassesTell) {
  const TemporaryFolder folder;
  write_parts(folder / "recipe");
  const std::vector<std::string> paths = {(folder / "recipe").string()};
  const ExampleSet set = read_labelled_texts(small_scorer(), paths, 1);
  Contender perfect{"scorer", {}};
  for (const Example& example : set.test) perfect.predicted.push_back(example.target);
  std::vector<Contender> contenders = predict_by_words(paths, set, 2);
  contenders.insert(contenders.begin(), perfect);
  const auto all = measure_by_source(set, contenders);
  BOOST_REQUIRE(all.size() == 3u);
  BOOST_TEST(all[0].measures.size() == 6u);  // the scorer, four of words, the shares
  BOOST_TEST(all[0].source == "");
  BOOST_TEST(all[0].measures[0].second.count == 40u);
  BOOST_TEST(all[1].source == "a");
  BOOST_TEST(all[1].measures[0].second.count == 30u);
  BOOST_TEST(all[2].source == "b");
  BOOST_TEST(all[2].measures[0].second.count == 10u);
  for (const SourceMeasures& source : all) {
    BOOST_TEST(of(source, "scorer").accuracy == 1.0);
    BOOST_TEST(of(source, "scorer").spearman == 1.0);
  }
  // In "b" good is the commonest of the training texts: 22 of 30.
  BOOST_TEST(of(all[2], "majority").recall[2] == 1.0);
  BOOST_TEST(of(all[2], "majority").accuracy == 0.7);
  BOOST_TEST(of(all[1], "bag_of_words").accuracy > of(all[1], "majority").accuracy + 0.3);
  BOOST_TEST(of(all[1], "bag_of_words_balanced").accuracy > 0.7);
  BOOST_TEST(of(all[1], "bag_of_words_by_source").accuracy > 0.7);
  // That of "b" has seen no neutral text.
  BOOST_TEST(contenders.back().name == "bag_of_words_by_source_balanced");
  for (std::size_t i = 0; i < set.test.size(); ++i) {
    const Satisfaction& p = contenders.back().predicted[i];
    BOOST_TEST(p.bad + p.neutral + p.good == 1.0f, boost::test_tools::tolerance(1e-5f));
    if (set.test[i].source == 1) BOOST_TEST(p.neutral < 0.01f);
  }
}

BOOST_AUTO_TEST_SUITE_END()
