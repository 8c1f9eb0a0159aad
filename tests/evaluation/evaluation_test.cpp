#include "evaluation/evaluation.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "evaluation/results.h"
#include "tests/data_io/temporary_folder.h"
#include "tests/generation/small_world.h"

using namespace arf;

namespace {

struct EvaluationWorld : SmallWorld {
  EvaluationWorld() {
    adapter.save(folder / "lora", "base");
    for (auto& [name, pair] : adapter.pairs()) pair.b.zero_();
    adapter.save(folder / "idle", "base");
    decoder.save(folder / "whole");
    evaluation_settings.sampling = settings;
    evaluation_settings.resamples = 200;
    for (std::size_t i = 0; i < dialogues.size(); ++i) held_out.rows.push_back(10 + i);
    held_out.dialogues = dialogues;
    held_out.num_prompts = 7;
  }

  static Scorer small_scorer() {
    EncoderConfig config;
    config.hidden_size = 16;
    config.intermediate_size = 16;
    config.num_layers = 1;
    config.num_heads = 2;
    Tokenizer tokenizer = small_tokenizer();
    config.vocabulary_size = tokenizer.vocabulary_size();
    return Scorer::create(std::move(tokenizer), config, 1);
  }

  // A user who likes long replies.
  static std::optional<double> truth(const Dialogue&, const std::string&,
                                     const std::string& reply) {
    return std::tanh(static_cast<double>(reply.size()) / 20 - 1);
  }

  std::vector<ContestantResult> run(TrueSatisfaction known = truth) {
    const Evaluation evaluation(decoder, tokenizer, chat, scorer, held_out, known,
                                evaluation_settings);
    std::vector<ContestantResult> results;
    for (const auto& place :
         find_contestants({folder / "lora", folder / "idle", folder / "whole"}, true)) {
      results.push_back(evaluation.run(place));
    }
    evaluation.compare(&results, 0);
    return results;
  }

  EvaluationSummary summary(std::vector<ContestantResult> results) {
    return {std::move(results), 0, 7, 4, evaluation_settings, Json::object()};
  }

  TemporaryFolder folder;
  Scorer scorer = small_scorer();
  HeldOut held_out;
  EvaluationSettings evaluation_settings;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(evaluation_test, EvaluationWorld)

BOOST_AUTO_TEST_CASE(a_policy_equal_to_the_base_has_its_replies_and_no_divergence) {
  const auto results = run();
  for (const std::size_t same : {2u, 3u}) {  // an adapter with B = 0; the base's own weights
    BOOST_TEST(results[same].kl_per_token == 0);
    BOOST_TEST(results[same].reward_difference.value == 0);
    BOOST_TEST(results[same].true_ratio->value == 1);
    BOOST_TEST(results[same].replies[0].reply == results[0].replies[0].reply);
  }
  BOOST_TEST(results[1].kl_per_token > 0);
  BOOST_TEST(results[0].kl_per_token == 0);
}

BOOST_AUTO_TEST_CASE(every_contestant_answers_the_same_prompts) {
  const auto results = run();
  for (const ContestantResult& result : results) {
    BOOST_REQUIRE_EQUAL(result.replies.size(), 7u);
    for (std::size_t i = 0; i < 7; ++i) {
      BOOST_TEST(result.replies[i].prompt == results[0].replies[i].prompt);
      BOOST_TEST(std::abs(result.replies[i].reward) <= 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(threads_and_unit_sizes_do_not_matter) {
  const auto expected = run();
  evaluation_settings.threads = 2;
  evaluation_settings.unit_dialogues = 1;
  const auto results = run();
  for (std::size_t c = 0; c < results.size(); ++c) {
    BOOST_TEST((results[c].reward == expected[c].reward));
    BOOST_TEST((*results[c].true_ratio == *expected[c].true_ratio));
    BOOST_TEST(results[c].kl_per_token == expected[c].kl_per_token);
  }
}

BOOST_AUTO_TEST_CASE(the_table_and_the_files_hold_every_method) {
  const EvaluationSummary made = summary(run());
  const std::string table = evaluation_table(made), csv = evaluation_csv(made);
  BOOST_TEST(table.find("true satisfaction") != std::string::npos);
  BOOST_TEST(table.find("true ratio to base [95 %]") != std::string::npos);
  BOOST_TEST(std::count(csv.begin(), csv.end(), '\n') == 5);
  const Json json = evaluation_json(made);
  BOOST_TEST(json.at("methods").size() == 4u);
  BOOST_TEST(json.at("methods")[1].at("true_ratio").at("low").get<double>() ==
             made.results[1].true_ratio->low);
  const std::string lines = replies_jsonl(made, held_out);
  BOOST_TEST(std::count(lines.begin(), lines.end(), '\n') == 28);
}

BOOST_AUTO_TEST_CASE(a_folders_name_reaches_no_terminal_raw) {
  EvaluationSummary made = summary(run());
  made.results[0].place.name = "a\x1b[31m\nb";
  const std::string table = evaluation_table(made);
  BOOST_TEST(table.find('\x1b') == std::string::npos);
  BOOST_TEST(table.find("a\\x1b[31m\\nb") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_known_user_nothing_is_said_of_true_satisfaction) {
  const EvaluationSummary made =
      summary(run([](const Dialogue& dialogue, const auto&, const auto&) {
        return dialogue.id == "a" ? std::optional<double>(0.5) : std::nullopt;
      }));
  BOOST_TEST(!made.results[0].true_satisfaction.has_value());
  BOOST_TEST(evaluation_table(made).find("true") == std::string::npos);
  BOOST_TEST(!evaluation_json(made).at("methods")[0].contains("true_ratio"));
  BOOST_TEST(evaluation_report(made).find("true satisfaction") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_script_in_a_prompt_or_a_reply_stays_text) {
  auto results = run();
  results[0].replies[0].prompt = "<script>alert(1)</script>";
  results[1].replies[0].reply = "</p><script>alert(2)</script>";
  results[1].place.name = "<script>";
  const std::string html = evaluation_report(summary(std::move(results)));
  BOOST_TEST(html.find("<script") == std::string::npos);
  BOOST_TEST(html.find("&lt;script&gt;alert(2)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(contestants_with_other_prompts_cannot_be_compared) {
  auto results = run();
  results[1].replies.pop_back();
  const Evaluation evaluation(decoder, tokenizer, chat, scorer, held_out, truth,
                              evaluation_settings);
  BOOST_CHECK_EXCEPTION(evaluation.compare(&results, 0), Error, has("context", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
