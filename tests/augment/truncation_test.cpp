#include "augment/truncation.h"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

using namespace arf;

namespace {

// "ua" -> a user's turn and an assistant's.
Dialogue trace(const std::string& roles, const std::string& id = "row-1") {
  Dialogue dialogue;
  dialogue.id = id;
  for (const char role : roles) {
    Turn turn;
    turn.role = role == 'u' ? TurnRole::kUser : TurnRole::kAssistant;
    turn.text = std::string(1, role) + std::to_string(dialogue.turns.size());
    dialogue.turns.push_back(turn);
  }
  return dialogue;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(truncation_test)

BOOST_AUTO_TEST_CASE(CutsFallBehindARepliesFollowUp) {
  using Places = std::vector<std::size_t>;
  BOOST_TEST(cut_places(trace("uauau")) == Places{3});
  BOOST_TEST(cut_places(trace("uauaua")) == (Places{3, 5}));
  BOOST_TEST(cut_places(trace("uaaua")) == (Places{2, 4}));
  BOOST_TEST(cut_places(trace("auaua")) == Places{4});  // the opening words answer nobody
}

BOOST_AUTO_TEST_CASE(ShortTracesAreNotCut) {
  for (const char* roles : {"", "u", "a", "ua", "uau", "uu", "aa"}) {
    BOOST_TEST(cut_places(trace(roles)).empty(), roles);
    BOOST_TEST(!truncate_trace(trace(roles), 1).has_value(), roles);
  }
}

// Every trace of up to eight turns.
BOOST_AUTO_TEST_CASE(CutTracesAreNeverEmptyOrWholeAndHoldAnAnswer) {
  for (std::size_t length = 1; length <= 8; ++length) {
    for (std::size_t bits = 0; bits < (1u << length); ++bits) {
      std::string roles;
      for (std::size_t i = 0; i < length; ++i) roles += (bits >> i & 1) ? 'u' : 'a';
      const Dialogue whole = trace(roles, "row-" + roles);
      const auto cut = truncate_trace(whole, 3);
      if (!cut) continue;
      BOOST_REQUIRE_MESSAGE(!cut->turns.empty() && cut->turns.size() < length, roles);
      bool asked = false, answered = false;
      for (std::size_t i = 0; i < cut->turns.size(); ++i) {
        BOOST_REQUIRE((cut->turns[i] == whole.turns[i]));
        asked = asked || cut->turns[i].role == TurnRole::kUser;
        answered = answered || (asked && cut->turns[i].role == TurnRole::kAssistant);
      }
      BOOST_REQUIRE_MESSAGE(answered, roles);
    }
  }
}

BOOST_AUTO_TEST_CASE(ChildNamesItsParent) {
  Dialogue parent = trace("uauaua");
  parent.provenance = {"file.jsonl", 7, "", "", 0};
  parent.turns[1].satisfaction = Satisfaction{0, 0, 1};
  parent.turns[1].history = {{1, 0, 0}};
  const auto cut = truncate_trace(parent, 1);
  BOOST_REQUIRE(cut.has_value());
  BOOST_TEST(cut->id == "row-1-truncate");
  BOOST_TEST(cut->provenance.parent == "row-1");
  BOOST_TEST(cut->provenance.augmentation == "truncate");
  BOOST_TEST(cut->provenance.random_key == row_key(parent));
  BOOST_TEST(cut->provenance.file.empty());
  BOOST_TEST(cut->turns[1].history.empty());
}

BOOST_AUTO_TEST_CASE(PlaceFollowsTheSeedAndTheId) {
  const auto kept = [](const std::string& id, std::uint64_t seed) {
    return truncate_trace(trace("uauauauauauaua", id), seed)->turns.size();
  };
  BOOST_TEST(kept("a", 1) == kept("a", 1));
  std::set<std::size_t> places;
  for (int i = 0; i < 200; ++i) places.insert(kept("row-" + std::to_string(i), 1));
  BOOST_TEST(places.size() == 6u);  // 3, 5, ... 13: each is drawn
}

BOOST_AUTO_TEST_SUITE_END()
