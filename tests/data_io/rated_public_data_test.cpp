// The real files of dialogues that people rated or compared, whole: counts and labels as counted
// beside the project with other tools.
#include <array>
#include <boost/test/unit_test.hpp>

#include "tests/data_io/import_helpers.h"
#include "tests/data_io/public_data.h"

using namespace arf;

namespace {

struct Counts {
  std::size_t rows = 0, turns = 0, replies = 0, rated = 0;
  std::array<double, 3> shares{};  // sums of bad, neutral, good over the rated replies
};

Imported import_public(const std::string& format, const std::string& file,
                       const std::string& ratings = "auto") {
  ImportSettings settings = settings_of(format, kPublicData / file);
  settings.ratings = ratings;
  return import_with(settings);
}

// Only assistants' turns are rated.
Counts count(const Imported& imported) {
  Counts counts;
  counts.rows = imported.rows.size();
  for (const Dialogue& row : imported.rows) {
    for (const Turn& turn : row.turns) {
      ++counts.turns;
      if (turn.role == TurnRole::kUser) {
        BOOST_REQUIRE(!turn.satisfaction);
        continue;
      }
      ++counts.replies;
      if (!turn.satisfaction) continue;
      ++counts.rated;
      counts.shares[0] += turn.satisfaction->bad;
      counts.shares[1] += turn.satisfaction->neutral;
      counts.shares[2] += turn.satisfaction->good;
    }
  }
  return counts;
}

void check_shares(const Counts& counts, const std::array<double, 3>& wanted) {
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(std::abs(counts.shares[i] - wanted[i]) < 0.006);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rated_public_data_test)

BOOST_AUTO_TEST_CASE(UserSatisfactionWhole) {
  if (!public_data_is_there()) return;
  struct {
    const char* file;
    Counts counts;
    std::uint64_t before_any, of_later_turns;
  } const kFiles[] = {
      {"MWOZ", {1000, 22108, 10555, 10553, {1103.88, 8204.32, 1244.80}}, 1000, 0},
      {"SGD", {1000, 25666, 12833, 11833, {1017.79, 8517.05, 2298.16}}, 1000, 0},
      {"CCPE", {500, 11936, 5576, 5180, {539.18, 3927.75, 713.07}}, 10, 1170},
  };
  for (const auto& wanted : kFiles) {
    const std::string file = fmt::format("user_satisfaction/{}.txt.gz", wanted.file);
    const Imported got = import_public("user_satisfaction", file);
    const Counts counts = count(got);
    BOOST_TEST(counts.rows == wanted.counts.rows);
    BOOST_TEST(counts.turns == wanted.counts.turns);
    BOOST_TEST(counts.replies == wanted.counts.replies);
    BOOST_TEST(counts.rated == wanted.counts.rated);
    check_shares(counts, wanted.counts.shares);
    const auto left_out = [&](const char* reason) {
      return got.left_out.contains(reason) ? got.left_out.at(reason) : 0;
    };
    BOOST_TEST(left_out("ratings of a user's turn before any of the assistant's") ==
               wanted.before_any);
    BOOST_TEST(left_out("ratings of a user's turn right behind another") == wanted.of_later_turns);
    // Every session is rated as a whole, and has an assistant.
    BOOST_TEST(count(import_public("user_satisfaction", file, "dialogue")).rated == counts.rows);
  }
}

BOOST_AUTO_TEST_CASE(ConvAi2Whole) {
  if (!public_data_is_there()) return;
  struct {
    const char* file;
    std::size_t records, rows, turns, rated;
    std::array<double, 3> shares;
  } const kFiles[] = {
      {"data_intermediate", 291, 139, 3891, 108, {61, 32, 15}},
      {"export_2018-07-04_train", 427, 212, 3233, 210, {126, 28, 56}},
      {"export_2018-07-05_train", 438, 251, 4529, 245, {154, 40, 51}},
      {"export_2018-07-06_train", 723, 453, 8287, 445, {212, 81, 152}},
      {"export_2018-07-07_train", 1417, 934, 19837, 914, {339, 252, 323}},
  };
  for (const auto& wanted : kFiles) {
    const std::string file = fmt::format("convai2/{}.json.gz", wanted.file);
    const Imported got = import_public("convai2", file);
    const Counts counts = count(got);
    BOOST_TEST(got.records == wanted.records);
    BOOST_TEST(counts.rows == wanted.rows);
    BOOST_TEST(counts.turns == wanted.turns);
    BOOST_TEST(counts.rated == wanted.rated);
    BOOST_TEST(got.left_out.at("one of the two said nothing") == wanted.records - wanted.rows);
    check_shares(counts, wanted.shares);
  }
  const Counts thumbs =
      count(import_public("convai2", "convai2/data_intermediate.json.gz", "turn"));
  BOOST_TEST(thumbs.rated == 429u);
  check_shares(thumbs, {244, 0, 185});
}

BOOST_AUTO_TEST_CASE(HhRlhfWhole) {
  if (!public_data_is_there()) return;
  const Imported got = import_public("hh_rlhf", "hh_rlhf/harmless-base/test.jsonl.gz");
  BOOST_TEST(got.records == 2312u);
  BOOST_TEST(got.rows.size() == 2307u);
  BOOST_TEST(got.left_out.at("the sides differ before their last turn") == 5u);
  BOOST_TEST(count(got).turns == 11492u);
  std::size_t empty = 0;
  for (const Dialogue& row : got.rows) {
    BOOST_REQUIRE((row.rejected && row.turns.back().role == TurnRole::kAssistant));
    BOOST_REQUIRE((row.turns.size() > 1 && row.turns[0].role == TurnRole::kUser));
    for (const Turn& turn : row.turns) {
      BOOST_REQUIRE(turn.text.find("\n\nHuman:") == std::string::npos);
      empty += turn.text.empty();
    }
  }
  BOOST_TEST(empty == 4u);
}

BOOST_AUTO_TEST_CASE(TopicalChatWithRatings) {
  if (!public_data_is_there()) return;
  struct {
    const char* file;
    std::size_t unrated;
    std::array<double, 3> shares;
  } const kFiles[] = {
      {"valid_freq", 12, {44 + 15, 263, 2758 + 2548}},
      {"valid_rare", 42, {35 + 8, 229, 2926 + 2415}},
      {"test_freq", 54, {64 + 12, 375, 3116 + 2071}},
  };
  for (const auto& wanted : kFiles) {
    const Counts counts = count(
        import_public("topical_chat", fmt::format("topical_chat/{}.json.gz", wanted.file), "turn"));
    BOOST_TEST(counts.rows == 539u);
    BOOST_TEST(counts.replies - counts.rated == wanted.unrated);
    check_shares(counts, wanted.shares);
  }
}

BOOST_AUTO_TEST_CASE(ShareGptWhole) {
  if (!public_data_is_there()) return;
  // A ranking file: sharegpt says what it is instead of taking half of it.
  BOOST_CHECK_EXCEPTION(import_public("sharegpt", "llamafactory_demo/dpo_en_demo.json.gz"), Error,
                        has("has `chosen`, so it is a pair", ExitCode::kInput));
  const Imported got = import_public("sharegpt", "llamafactory_demo/kto_en_demo.json.gz");
  BOOST_TEST(got.rows.size() == 300u);
}

BOOST_AUTO_TEST_SUITE_END()
