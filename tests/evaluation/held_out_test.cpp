#include "evaluation/held_out.h"

#include <boost/test/unit_test.hpp>

#include "tests/data_io/temporary_folder.h"
#include "tests/generation/small_world.h"

using namespace arf;

namespace {
struct Corpus : SmallWorld {
  Corpus() {
    CorpusWriter writer(folder / "corpus");
    for (int i = 0; i < 40; ++i) {
      Dialogue row = dialogues[static_cast<std::size_t>(i) % dialogues.size()];
      row.id += std::to_string(i);
      writer.add(row);
    }
    writer.finish();
  }
  HeldOut choose(std::size_t prompts, std::uint64_t seed = 1) {
    return choose_held_out(CorpusList({(folder / "corpus").string()}), chat, prompts, seed);
  }
  TemporaryFolder folder;
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(held_out_test, Corpus)

BOOST_AUTO_TEST_CASE(exactly_as_many_prompts_are_chosen_as_asked_for) {
  for (const std::size_t prompts : {1u, 2u, 7u, 30u}) {
    const HeldOut chosen = choose(prompts);
    BOOST_TEST(chosen.num_prompts == prompts);
    SamplingSettings sampling;
    sampling.max_new_tokens = 1;
    std::vector<DialogueToSample> unit;
    for (std::size_t i = 0; i < chosen.rows.size(); ++i) {
      if (i > 0) BOOST_TEST(chosen.rows[i - 1] < chosen.rows[i]);
      unit.push_back({chosen.rows[i], 0, &chosen.dialogues[i]});
    }
    std::size_t replies = 0;
    for (const Rollout& rollout :
         Generator(decoder, tokenizer, chat, sampling)
             .sample(unit, nullptr, TraceContext::kStored, 1, Purpose::kEvaluate, 0)) {
      replies += rollout.turns.size();
    }
    BOOST_TEST(replies == prompts);
  }
}

BOOST_AUTO_TEST_CASE(a_small_corpus_is_taken_whole) {
  const HeldOut chosen = choose(1000);
  BOOST_TEST(chosen.rows.size() == 40u);
  BOOST_TEST(chosen.num_prompts == 70u);  // 10 each of dialogues with 1, 3, 1 and 2 prompts
}

// As many replies have random numbers of their own.
BOOST_AUTO_TEST_CASE(of_a_dialogue_of_more_turns_the_first_65535_are_chosen_from) {
  CorpusWriter writer(folder / "talker");
  writer.add(dialogue("talker", "", std::vector<std::string>(65600, "a")));
  writer.finish();
  const CorpusList talker({(folder / "talker").string()});
  const HeldOut chosen = choose_held_out(talker, chat, 100'000, 1);
  BOOST_TEST(chosen.num_prompts == 32767u);
  BOOST_TEST(chosen.dialogues.at(0).turns.size() == 65534u);
}

BOOST_AUTO_TEST_CASE(the_choice_depends_on_the_seed) {
  BOOST_TEST(choose(10).rows == choose(10).rows);
  BOOST_TEST(choose(10).rows != choose(10, 2).rows);
}

BOOST_AUTO_TEST_SUITE_END()
