#include "exchange/wire.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "core/error.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(wire_test)

namespace {

Rollout example() {
  SampledTurn first;
  first.turn = 1;
  first.context = {1, 2, 3};
  first.response = {4, 5};
  first.logprobs = {-0.25f, -std::numeric_limits<float>::denorm_min()};
  first.drawn_logprobs = {-0.5f, 0};
  first.stored = {6};
  first.prompt = "How?";
  first.text = "So.\n\xC3\xA9";
  first.stored_score = -0.5f;
  Rollout rollout;
  rollout.dialogue_id = "d-1";
  rollout.dialogue_row = 1ull << 40;
  rollout.unit = 7;
  rollout.sample = 2;
  rollout.version = {12, "9f86d0"};
  rollout.turns = {first, {}};
  return rollout;
}

}  // namespace

BOOST_AUTO_TEST_CASE(RolloutsComeBackAsTheyWere) {
  const std::vector<Rollout> rollouts{example(), {}};
  BOOST_TEST((unpack_rollouts(pack_rollouts(rollouts)) == rollouts));
  BOOST_TEST(unpack_rollouts(pack_rollouts({})).empty());
}

BOOST_AUTO_TEST_CASE(ScoredRolloutsComeBackAsTheyWere) {
  const std::vector<ScoredRollout> rollouts{{example(), {0.5f, -1.0f}}, {{}, {}}};
  BOOST_TEST((unpack_scored_rollouts(pack_scored_rollouts(rollouts)) == rollouts));
}

BOOST_AUTO_TEST_CASE(UnitThatComesWithAnyOtherBitIsRefused) {
  const std::vector<std::byte> sent =
      pack_unit({3, 7, pack_scored_rollouts({{example(), {0.5f}}}), {340, 0x1234}});
  const UnitMessage came = unpack_unit(sent);
  BOOST_TEST((came.iteration == 3 && came.unit == 7));
  BOOST_TEST((came.scorer == ScorerVersion{340, 0x1234}));
  BOOST_TEST((unpack_scored_rollouts(came.records).at(0).rollout == example()));
  for (std::size_t bit = 0; bit < 8 * sent.size(); ++bit) {
    std::vector<std::byte> other = sent;
    other[bit / 8] ^= std::byte(1 << bit % 8);
    BOOST_CHECK_EXCEPTION(unpack_unit(other), Error,
                          [](const Error& error) { return error.code() == ExitCode::kLost; });
  }
}

BOOST_AUTO_TEST_CASE(FeedbackComesBackAsItWas) {
  const std::vector<Feedback> messages{
      {"How?", "So.", "Thanks\n", {}}, {"", "", "", Satisfaction{0.25f, 0.5f, 0.25f}}, {}};
  BOOST_TEST((unpack_feedback(pack_feedback(messages)) == messages));
  BOOST_TEST(unpack_feedback(pack_feedback({})).empty());
}

BOOST_AUTO_TEST_CASE(MessageCutAnywhereIsADefect) {
  const auto whole = pack_rollouts({example()});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(),
                                     whole.begin() + static_cast<std::ptrdiff_t>(size));
    BOOST_CHECK_THROW(unpack_rollouts(cut), Error);
  }
}

BOOST_AUTO_TEST_CASE(MessageWithMoreThanItSaysIsADefect) {
  auto longer = pack_rollouts({example()});
  longer.push_back(std::byte{0});
  BOOST_CHECK_THROW(unpack_rollouts(longer), Error);
}

// A run's journal may come from elsewhere: what is wrong with it is no defect of the program.
BOOST_AUTO_TEST_CASE(RolloutsOfAFileAreRefusedAsInput) {
  auto cut = pack_rollouts({example()});
  cut.pop_back();
  auto longer = pack_rollouts({example()});
  longer.push_back(std::byte{0});
  Rollout unequal = example();
  unequal.turns[0].logprobs.push_back(-1);  // the learner would read past its own
  for (const auto& bytes : {cut, longer, pack_rollouts({unequal})}) {
    const auto code = [&](WireSource source) {
      try {
        unpack_rollouts(bytes, source);
      } catch (const Error& error) {
        return error.code();
      }
      return ExitCode::kDone;
    };
    BOOST_TEST((code(WireSource::kFile) == ExitCode::kInput));
    BOOST_TEST((code(WireSource::kRank) == ExitCode::kDefect));
  }
  const std::vector<Rollout> rollouts{example(), {}};
  BOOST_TEST((unpack_rollouts(pack_rollouts(rollouts), WireSource::kFile) == rollouts));
}

BOOST_AUTO_TEST_CASE(LengthThatLiesAsksForNoMemory) {
  WireWriter out;
  out.number(std::numeric_limits<std::uint64_t>::max());
  const auto bytes = out.take();
  WireReader in(bytes);
  BOOST_CHECK_THROW(in.floats(), Error);
}

BOOST_AUTO_TEST_SUITE_END()
