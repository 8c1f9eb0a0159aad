// The third promise, as a learner keeps it: what another policy sampled, or what was computed
// otherwise, is refused.
#include "roles/learner_role.h"

#include "core/error.h"
#include "tests/data_io/temporary_folder.h"
#include "tests/learning/units.h"

using namespace arf;
using namespace arf::test;

namespace {

TrainSettings settings_of_run(int staleness = 0) {
  TrainSettings settings;
  settings.method.name = "tracebias";
  settings.lora.rank = 2;
  settings.batch = settings.unit = 1;
  settings.iterations = 10;
  settings.staleness = staleness;
  settings.check_every = 3;
  settings.learning_rate.peak = 0.01;
  settings.learning_rate.warmup = 0;
  return settings;
}

Decoder stirred_decoder() {
  at::set_num_threads(1);
  Decoder decoder = Decoder::random(small_config(), 1);
  stir(decoder.weights(), 0.2);
  decoder.freeze();
  return decoder;
}

// One rank that is learner, generator and scorer: it sends itself what it is to learn from.
struct World {
  explicit World(const TrainSettings& with) : settings(with) {
    learner.emplace(settings, decoder, /*data=*/nullptr, &conversation, learners, &spans, 1);
  }
  // A dialogue of two turns, sampled by the policy that the learner holds.
  ScoredRollout sampled(std::uint64_t number = 1) const {
    ScoredRollout scored = sampled_rollout(learner->policy(), number, 2);
    scored.rollout.version = learner->version();
    scored.rollout.digest = digest_of(scored.rollout);
    return scored;
  }
  // `expected`: the policy that was due.
  UpdateResult learn(const ScoredRollout& scored, const PolicyVersion& expected) {
    conversation.send_scored(iteration, 0, {{}, {scored}});
    return learner->run(iteration++, expected, learner->parameters());
  }
  UpdateResult learn(const ScoredRollout& scored) { return learn(scored, learner->version()); }
  // The exit code with which it stops, or kDone.
  ExitCode code_of(const ScoredRollout& scored, const PolicyVersion& expected) {
    try {
      learn(scored, expected);
      return ExitCode::kDone;
    } catch (const Error& error) {
      return error.code();
    }
  }

  TrainSettings settings;
  MpiSession session;
  Communicator world = Communicator::world(), learners = world.split(0);
  RankLayout layout{1, {}};
  Conversation conversation{world, layout};
  SpanRecorder spans{0};
  Decoder decoder = stirred_decoder();
  std::optional<LearnerRole> learner;
  std::int64_t iteration = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(learner_role_test)

// One session: MPI can be started once in a process.
BOOST_AUTO_TEST_CASE(OnlyRepliesOfThePolicyThatIsDueAreLearnt) {
  World world(settings_of_run());
  const PolicyVersion first = world.learner->version();
  const std::vector<float> untouched = world.learner->parameters();

  // A log-prob that differs in its last bit: the ranks compute differently.
  ScoredRollout odd = world.sampled();
  float& logprob = odd.rollout.turns[1].logprobs[0];
  logprob = std::nextafter(logprob, 0.0f);
  odd.rollout.digest = digest_of(odd.rollout);
  BOOST_TEST((world.code_of(odd, first) == ExitCode::kLost));

  // Rewards of another scorer than is due: a defect.
  world.conversation.send_scored(world.iteration, 0, {{20, 0x1234}, {world.sampled()}});
  BOOST_CHECK_EXCEPTION(
      world.learner->run(world.iteration++, first, world.learner->parameters(), 40), Error,
      has("has rewards of scorer 20", ExitCode::kDefect));

  // Another policy's reply, by its number or by its bytes: a defect.
  ScoredRollout other = world.sampled();
  other.rollout.version.number = 3;
  BOOST_TEST((world.code_of(other, first) == ExitCode::kDefect));
  other = world.sampled();
  other.rollout.version.hash = std::string(64, '0');
  BOOST_TEST((world.code_of(other, first) == ExitCode::kDefect));
  // Other tokens than were sampled: a defect.
  other = world.sampled();
  other.rollout.turns[0].response[0] ^= 1;
  BOOST_TEST((world.code_of(other, first) == ExitCode::kDefect));
  BOOST_TEST((world.learner->parameters() == untouched));

  world.learn(world.sampled());
  BOOST_TEST(world.learner->version().number == 1u);
  BOOST_TEST((world.learner->parameters() != untouched));
  BOOST_TEST((world.code_of(world.sampled(2), first) == ExitCode::kDefect));

  // Log-probs are compared again three iterations later, at the second of these.
  for (const ExitCode code : {ExitCode::kDone, ExitCode::kLost}) {
    odd = world.sampled();
    odd.rollout.turns[1].logprobs[0] = std::nextafter(odd.rollout.turns[1].logprobs[0], 0.0f);
    odd.rollout.digest = digest_of(odd.rollout);
    BOOST_TEST((world.code_of(odd, world.learner->version()) == code));
  }

  // With staleness 1 a resumed run learns first from the policy before the newest, and checks it.
  const PolicyVersion newest = world.learner->version();
  const ScoredRollout stale = [&] {
    LearnerRole before(world.settings, world.decoder, nullptr, &world.conversation, world.learners,
                       &world.spans, 1);
    ScoredRollout scored = sampled_rollout(before.policy(), 5, 2);
    scored.rollout.version = before.version();
    scored.rollout.digest = digest_of(scored.rollout);
    return scored;
  }();
  for (const bool right : {true, false}) {
    LearnerRole resumed(world.settings, world.decoder, nullptr, &world.conversation, world.learners,
                        &world.spans, 1);
    std::vector<float> previous = untouched;
    if (!right) previous.back() += 1;
    resumed.restore(1, world.learner->parameters(), world.learner->adamw());
    BOOST_TEST(resumed.version().hash == newest.hash);
    world.conversation.send_scored(1, 0, {{}, {stale}});
    if (right) {
      resumed.run(1, first, previous);
    } else {
      BOOST_CHECK_THROW(resumed.run(1, first, previous), Error);
    }
  }
  world.world.finish_sends();
}

BOOST_AUTO_TEST_SUITE_END()
