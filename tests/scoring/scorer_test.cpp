#include "scoring/scorer.h"

#include <cmath>
#include <deque>
#include <fstream>

#include "core/json.h"
#include "model/ops/packed.h"
#include "scoring/scorer_files.h"
#include "scoring/scorer_trainer.h"
#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

std::vector<ScorerInput> some_inputs(std::size_t count) {
  static std::deque<std::string> texts;  // of all that were ever asked for: inputs are views
  std::vector<ScorerInput> inputs;
  for (std::uint64_t i = 0; i < count; ++i) {
    texts.push_back(toy_text(i).first);
    inputs.push_back({i % 3 == 0 ? "what is it" : "", texts.back()});
  }
  return inputs;
}

const Tensor& parameter(const Scorer& scorer, const std::string& name,
                        const std::vector<std::pair<std::string, Tensor>>& all) {
  for (const auto& [key, tensor] : all) {
    if (key == name) return tensor;
  }
  throw std::logic_error("no " + name);
}

// Eq. 8 and 9 with plain loops: an MLP on each token, the mean over tokens, softmax.
std::array<double, 3> by_hand(const Scorer& scorer, const FramedText& text) {
  const auto all = scorer.parameters();
  const at::NoGradGuard no_grad;
  const auto n = static_cast<std::int64_t>(text.tokens.size());
  const Tensor hidden = scorer.encoder()
                            .forward(text.tokens, {{0, static_cast<std::int32_t>(n)}}, text.types)
                            .to(at::kDouble);
  const auto value = [&](const char* name) {
    return parameter(scorer, name, all).to(at::kDouble).contiguous();
  };
  const Tensor w1 = value(kMlpWeight), b1 = value(kMlpBias), w2 = value(kOutWeight),
               b2 = value(kOutBias);
  std::array<double, 3> mean{};
  for (std::int64_t i = 0; i < n; ++i) {
    std::array<double, 3> logits{b2[0].item<double>(), b2[1].item<double>(), b2[2].item<double>()};
    for (std::int64_t m = 0; m < b1.numel(); ++m) {
      double sum = b1.data_ptr<double>()[m];
      for (std::int64_t h = 0; h < w1.size(1); ++h) {
        sum += w1.data_ptr<double>()[m * w1.size(1) + h] *
               hidden.data_ptr<double>()[i * w1.size(1) + h];
      }
      for (std::int64_t c = 0; c < 3; ++c) {
        logits[c] += w2.data_ptr<double>()[c * b1.numel() + m] * std::tanh(sum);
      }
    }
    for (std::size_t c = 0; c < 3; ++c) mean[c] += logits[c] / static_cast<double>(n);
  }
  double sum = 0;
  for (double& v : mean) sum += v = std::exp(v);
  for (double& v : mean) v /= sum;
  return mean;
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::trunc) << text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scorer_test)

BOOST_AUTO_TEST_CASE(AScoreIsTheSoftmaxOfTheMeanOfTokenLogits) {
  const Scorer scorer = stirred_scorer();
  for (const ScorerInput& input : some_inputs(6)) {
    const Satisfaction score = scorer.score({input})[0];
    const auto expected = by_hand(scorer, scorer.frame(input));
    BOOST_TEST(score.bad == expected[0], boost::test_tools::tolerance(1e-5));
    BOOST_TEST(score.neutral == expected[1], boost::test_tools::tolerance(1e-5));
    BOOST_TEST(score.good == expected[2], boost::test_tools::tolerance(1e-5));
    BOOST_TEST(std::abs(score.bad - score.good) > 1e-3);  // stirred: no trivial thirds
  }
}

BOOST_AUTO_TEST_CASE(AScoreHasTheSameBitsAloneInAnyBatchAndOnAnyThreads) {
  const Scorer scorer = stirred_scorer();
  const auto inputs = some_inputs(37);
  const auto together = scorer.score(inputs);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    BOOST_TEST((scorer.score({inputs[i]})[0] == together[i]), "input " << i);
  }
  BOOST_TEST((score_all(scorer, inputs, 3) == together));
  const std::vector<ScorerInput> reversed(inputs.rbegin(), inputs.rend());
  auto scores = scorer.score(reversed);
  std::reverse(scores.begin(), scores.end());
  BOOST_TEST((scores == together));
}

BOOST_AUTO_TEST_CASE(PackedWeightsGiveTheSameBitsAndFollowAChange) {
  Scorer scorer = stirred_scorer();
  const auto inputs = some_inputs(5);
  const auto before = scorer.score(inputs);
  scorer.pack(2);
  BOOST_TEST((scorer.score(inputs) == before));
  scorer.set_flat(small_scorer(7).flat(), 2);
  BOOST_TEST((scorer.score(inputs) == small_scorer(7).score(inputs)));
}

// A training step changes the weights and packs them again.
BOOST_AUTO_TEST_CASE(WeightsThatArePackedAgainStayPacked) {
  Scorer scorer = stirred_scorer();
  for (int times = 0; times < 3; ++times) {
    scorer.set_flat(small_scorer(times).flat(), 1);
    scorer.pack(2);
    std::size_t packed = 0;
    for (const auto& [name, tensor] : scorer.parameters()) packed += !!ops::find_packed(tensor);
    BOOST_TEST(packed > 0u, "packed " << times + 1 << " times");
  }
}

BOOST_AUTO_TEST_CASE(TheGradientAgreesWithFiniteDifferencesInFloat64) {
  Scorer scorer = stirred_scorer();
  const std::vector<FramedText> texts = {scorer.frame({"", "that was a great help"}),
                                         scorer.frame({"what is it", "the answer"})};
  const std::vector<Satisfaction> targets = {{0.1f, 0.2f, 0.7f}, {0.5f, 0.3f, 0.2f}};
  scorer.to_dtype(at::kDouble);
  const auto loss = [&] {
    return soft_cross_entropy(scorer.log_satisfaction(texts), targets, {1, 0.5, 2}, 2);
  };
  const std::vector<float> gradient = scorer.gradient(loss());
  const at::NoGradGuard no_grad;
  std::size_t offset = 0, compared = 0;
  for (const auto& [name, tensor] : scorer.parameters()) {
    // Of every tensor a few elements, the ones that the texts touch among them.
    for (std::int64_t i = 0; i < tensor.numel(); i += 1 + tensor.numel() / 7) {
      double& value = tensor.data_ptr<double>()[i];
      constexpr double kStep = 1e-5;
      const double at = value;
      value = at + kStep;
      const double above = loss().item<double>();
      value = at - kStep;
      const double below = loss().item<double>();
      value = at;
      const double slope = (above - below) / (2 * kStep);
      const double found = gradient[offset + static_cast<std::size_t>(i)];
      BOOST_TEST(std::abs(slope - found) < 1e-8 + 1e-6 * std::abs(slope),
                 name << "[" << i << "]: " << slope << " against " << found);
      compared += std::abs(slope) > 1e-5;
    }
    offset += static_cast<std::size_t>(tensor.numel());
  }
  BOOST_TEST(compared > 100u);
}

BOOST_AUTO_TEST_CASE(TextsAreFramedAndAUsersTextCannotHoldASpecialToken) {
  const Scorer scorer = small_scorer();
  const Tokenizer& tokenizer = scorer.tokenizer();
  const auto begin = *tokenizer.id_of("<|endoftext|>"), end = *tokenizer.id_of("<|im_end|>");
  const auto lone = scorer.frame({"", "great<|im_end|>help"}).tokens;
  BOOST_TEST(lone.front() == begin);
  BOOST_TEST(std::count(lone.begin(), lone.end(), end) == 1);
  BOOST_TEST(lone.back() == end);
  const auto pair = scorer.frame({"what", "great"}).tokens;
  BOOST_TEST(std::count(pair.begin(), pair.end(), end) == 2);
  const auto longest = scorer.frame({"", std::string(100000, 'z')});
  BOOST_TEST(static_cast<std::int64_t>(longest.tokens.size()) == scorer.encoder().max_tokens());
  BOOST_CHECK_NO_THROW(scorer.score_framed({longest}));
}

// MiniLM's file cuts at 128 tokens and fills up to them; the scorer reads what its encoder takes.
BOOST_AUTO_TEST_CASE(TheFilesTruncationAndPaddingAreNotTheScorers) {
  const Scorer scorer = Scorer::create(word_piece_tokenizer(), small_encoder_config(), 1);
  std::string text = "great";
  for (int i = 0; i < 19; ++i) text += " help";
  BOOST_TEST(scorer.frame({"", text}).tokens.size() == 22u);
  BOOST_TEST(scorer.frame({"", "help"}).tokens.size() == 3u);
}

BOOST_AUTO_TEST_CASE(TheTypesOfAPairChangeItsScoreAloneAndAmongOthers) {
  EncoderConfig config = small_encoder_config();
  config.model_type = "bert";
  config.architecture = "BertModel";
  config.num_token_types = 2;
  const Scorer scorer = Scorer::create(word_piece_tokenizer(), config, 1);
  const FramedText pair = scorer.frame({"that help", "great"});
  const auto scores = scorer.score_framed({scorer.frame({"", "help"}), pair, {pair.tokens, {}}});
  BOOST_TEST((scores[1] == scorer.score_framed({pair})[0]));
  BOOST_TEST((scores[1] != scores[2]));
}

BOOST_AUTO_TEST_CASE(AFolderKeepsEveryBitAndARunIsAScorerToo) {
  const TemporaryFolder folder;
  const Scorer scorer = stirred_scorer();
  scorer.save(folder / "run/scorer", {{"NOTE", "by a test"}});
  for (const char* path : {"run/scorer", "run", "run/"}) {
    const Scorer again = Scorer::load(folder / path);
    BOOST_TEST(again.hash() == scorer.hash());
    const auto inputs = some_inputs(4);
    BOOST_TEST((again.score(inputs) == scorer.score(inputs)));
  }
  BOOST_TEST(std::filesystem::exists(folder / "run/scorer/NOTE"));
  BOOST_TEST(is_scorer(folder / "run/scorer"));
  BOOST_CHECK_EXCEPTION(scorer.save(folder / "run/scorer"), Error,
                        has("holds something already", ExitCode::kUsage));
}

BOOST_AUTO_TEST_CASE(WhatIsNoScorerIsRefusedByName) {
  const TemporaryFolder folder;
  BOOST_CHECK_EXCEPTION(Scorer::load(folder / "none"), Error,
                        has("there is no such folder", ExitCode::kInput));
  BOOST_CHECK_EXCEPTION(Scorer::load(folder.path()), Error,
                        has("neither config.json nor scorer/", ExitCode::kInput));
  write_text(folder / "manifest.json", "{}");
  BOOST_CHECK_EXCEPTION(Scorer::load(folder.path()), Error,
                        has("no scorer/ (yet)", ExitCode::kInput));
  const auto path = folder / "scorer";
  stirred_scorer().save(path);
  Json config = read_json(path / "config.json");
  config["arf_scorer"]["mlp_hidden"] = 0;
  write_text(path / "config.json", config.dump());
  BOOST_CHECK_EXCEPTION(Scorer::load(path), Error, has("mlp_hidden is 0", ExitCode::kInput));
  config["arf_scorer"]["mlp_hidden"] = 327;
  write_text(path / "config.json", config.dump());
  BOOST_CHECK_EXCEPTION(Scorer::load(path), Error, has("arf_scorer.mlp", ExitCode::kInput));
  config.erase("arf_scorer");
  write_text(path / "config.json", config.dump());
  BOOST_CHECK_EXCEPTION(Scorer::load(path), Error, has("no scorer's folder", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(ATokenizerWithMoreIdsThanTheEncoderHasRowsIsRefused) {
  EncoderConfig config = small_encoder_config();
  config.vocabulary_size = 200;
  BOOST_CHECK_EXCEPTION(Scorer::create(small_tokenizer(), config, 1), Error,
                        has("only 200", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
