#include "scoring/head_form.h"

#include <cmath>
#include <fstream>

#include "scoring/scorer_files.h"
#include "scoring/scorer_trainer.h"
#include "small_scorer.h"

using namespace arf;
using namespace arf::test;

namespace {

constexpr Pooling kAll[] = {Pooling::kTokenLogits, Pooling::kHiddenStates, Pooling::kFirstToken};

// Weights large enough that every term shows.
Scorer stirred(Pooling pooling) {
  Scorer scorer = Scorer::create(small_tokenizer(), small_encoder_config(), 1, pooling);
  scorer.set_flat(stirred_scorer().flat());
  return scorer;
}

std::vector<FramedText> some_texts(const Scorer& scorer, std::uint64_t count) {
  std::vector<FramedText> texts;
  for (std::uint64_t i = 0; i < count; ++i) texts.push_back(scorer.frame({"", toy_text(i).first}));
  return texts;
}

Tensor weight(const Scorer& scorer, const std::string& name) {
  for (const auto& [key, tensor] : scorer.parameters()) {
    if (key == name) return tensor.detach().to(at::kDouble);
  }
  throw std::logic_error("no " + name);
}

// The MLP on one row, by LibTorch in float64.
Tensor head_by_hand(const Scorer& scorer, const Tensor& row_H, double temperature) {
  const Tensor inner = (weight(scorer, kMlpWeight).mv(row_H) + weight(scorer, kMlpBias)).tanh();
  return ((weight(scorer, kOutWeight).mv(inner) + weight(scorer, kOutBias)) / temperature)
      .softmax(0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(head_form_test)

BOOST_AUTO_TEST_CASE(HiddenStatesAreAveragedAndTheFirstTokenStandsAlone) {
  const at::NoGradGuard no_grad;
  for (const Pooling pooling : {Pooling::kHiddenStates, Pooling::kFirstToken}) {
    Scorer scorer = stirred(pooling);
    scorer.set_temperature(1.7);
    for (const FramedText& text : some_texts(scorer, 5)) {
      const auto length = static_cast<std::int32_t>(text.tokens.size());
      const Tensor hidden_NH = scorer.encoder().forward(text.tokens, {{0, length}}).to(at::kDouble);
      const Tensor row = pooling == Pooling::kFirstToken ? hidden_NH[0] : hidden_NH.mean(0);
      const Tensor expected = head_by_hand(scorer, row, 1.7);
      const Satisfaction found = scorer.score_framed({text})[0];
      BOOST_TEST(found.bad == expected[0].item<double>(), boost::test_tools::tolerance(1e-5));
      BOOST_TEST(found.neutral == expected[1].item<double>(), boost::test_tools::tolerance(1e-5));
      BOOST_TEST(found.good == expected[2].item<double>(), boost::test_tools::tolerance(1e-5));
    }
  }
}

BOOST_AUTO_TEST_CASE(AScoreHasTheSameBitsAloneAndAmongOthers) {
  for (const Pooling pooling : kAll) {
    Scorer scorer = stirred(pooling);
    const auto texts = some_texts(scorer, 23);
    const auto together = scorer.score_framed(texts);
    scorer.pack(2);
    BOOST_TEST((scorer.score_framed(texts) == together));
    BOOST_TEST((score_all(scorer, texts, 3) == together));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      BOOST_TEST((scorer.score_framed({texts[i]})[0] == together[i]), name_of(pooling) << " " << i);
    }
    // With a gradient the same values come out.
    const Tensor log_p = scorer.log_satisfaction(texts);
    BOOST_TEST(log_p.requires_grad());
    const float good = static_cast<float>(std::exp(double(log_p[7][2].item<float>())));
    BOOST_TEST(good == together[7].good);
  }
}

BOOST_AUTO_TEST_CASE(GradientsAgreeWithFiniteDifferencesInFloat64) {
  const std::vector<Satisfaction> targets = {{0.1f, 0.2f, 0.7f}, {0.5f, 0.3f, 0.2f}, {1, 0, 0}};
  for (const Pooling pooling : kAll) {
    for (const double gamma : {0.0, 0.5, 2.0}) {
      Scorer scorer = stirred(pooling);
      scorer.set_temperature(0.8);
      const auto texts = some_texts(scorer, 3);
      scorer.to_dtype(at::kDouble);
      const auto loss = [&] {
        return soft_cross_entropy(scorer.log_satisfaction(texts), targets, {1, 0.5, 2}, 3, gamma);
      };
      const std::vector<float> gradient = scorer.gradient(loss());
      const at::NoGradGuard no_grad;
      std::size_t offset = 0, compared = 0;
      for (const auto& [name, tensor] : scorer.parameters()) {
        for (std::int64_t i = 0; i < tensor.numel(); i += 1 + tensor.numel() / 5) {
          double& value = tensor.data_ptr<double>()[i];
          constexpr double kStep = 1e-5;
          const double at = value;
          value = at + kStep;
          const double above = loss().item<double>();
          value = at - kStep;
          const double slope = (above - loss().item<double>()) / (2 * kStep);
          value = at;
          const double found = gradient[offset + static_cast<std::size_t>(i)];
          BOOST_TEST(std::abs(slope - found) < 1e-8 + 1e-6 * std::abs(slope),
                     name_of(pooling) << " " << gamma << " " << name << "[" << i << "]: " << slope
                                      << " against " << found);
          compared += std::abs(slope) > 1e-5;
        }
        offset += static_cast<std::size_t>(tensor.numel());
      }
      BOOST_TEST(compared > 60u);
    }
  }
}

BOOST_AUTO_TEST_CASE(TheTemperatureDividesTheLogitsAndChangesNoClass) {
  Scorer scorer = stirred(Pooling::kTokenLogits);
  const auto texts = some_texts(scorer, 6);
  const auto before = scorer.score_framed(texts);
  scorer.set_temperature(2);
  const auto after = scorer.score_framed(texts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    BOOST_TEST(
        std::log(after[i].good / after[i].bad) == std::log(before[i].good / before[i].bad) / 2,
        boost::test_tools::tolerance(1e-4f));
    BOOST_TEST(likeliest(after[i]) == likeliest(before[i]));
  }
  scorer.set_temperature(1);
  BOOST_TEST((scorer.score_framed(texts) == before));
}

BOOST_AUTO_TEST_CASE(AFolderKeepsTheFormAndOneOfBeforeIsThePapers) {
  const TemporaryFolder folder;
  Scorer scorer = stirred(Pooling::kHiddenStates);
  scorer.set_temperature(1.0 / 3);
  scorer.save(folder / "scorer");
  const Scorer again = Scorer::load(folder / "scorer");
  BOOST_TEST(name_of(again.head_form().pooling) == "hidden_states");
  BOOST_TEST(again.head_form().temperature == 1.0 / 3);
  const auto texts = some_texts(scorer, 4);
  BOOST_TEST((again.score_framed(texts) == scorer.score_framed(texts)));

  const auto with = [&](const char* key, const Json& value) {
    Json config = read_json(folder / "scorer/config.json");
    if (value.is_null()) {
      config["arf_scorer"].erase(key);
    } else {
      config["arf_scorer"][key] = value;
    }
    std::ofstream(folder / "scorer/config.json", std::ios::trunc) << config.dump();
  };
  with("pooling", Json());
  with("temperature", Json());
  const HeadForm old = Scorer::load(folder / "scorer").head_form();
  BOOST_TEST(name_of(old.pooling) == "token_logits");
  BOOST_TEST(old.temperature == 1.0);
  for (const Json& wrong : {Json(0), Json(-1), Json("warm"), Json(true)}) {
    with("temperature", wrong);
    BOOST_CHECK_EXCEPTION(Scorer::load(folder / "scorer"), Error,
                          has("arf_scorer.temperature is", ExitCode::kInput));
  }
  with("temperature", 1);
  for (const Json& wrong : {Json("max"), Json(1)}) {
    with("pooling", wrong);
    BOOST_CHECK_EXCEPTION(Scorer::load(folder / "scorer"), Error,
                          has("arf_scorer.pooling is", ExitCode::kInput));
  }
}

// A term whose class is certain by rounding adds nothing, and no value that is not a number.
BOOST_AUTO_TEST_CASE(TheFocalLossOfACertainTextIsZeroWithItsGradient) {
  for (const double gamma : {0.5, 1.0, 2.0}) {
    const Tensor log_p = at::tensor({0.0f, -40.0f, -41.0f}).view({1, 3}).requires_grad_(true);
    const Tensor loss = soft_cross_entropy(log_p, {{1, 0, 0}}, {1, 1, 1}, 1, gamma);
    BOOST_TEST(loss.item<float>() == 0.0f);
    const Tensor slope = torch::autograd::grad({loss}, {log_p})[0];
    for (int c = 0; c < 3; ++c) BOOST_TEST(std::abs(slope[0][c].item<float>()) < 1e-5f);
  }
}

BOOST_AUTO_TEST_CASE(TheFocalLossWeighsTermsByWhatIsLeft) {
  const Tensor log_p = at::tensor({0.2, 0.3, 0.5, 0.1, 0.1, 0.8}, at::kDouble).view({2, 3}).log();
  const std::vector<Satisfaction> targets = {{0.5f, 0, 0.5f}, {0, 0, 1}};
  const double expected =
      -(2 * 0.5 * std::pow(0.8, 1.5) * std::log(0.2) +
        3 * 0.5 * std::pow(0.5, 1.5) * std::log(0.5) + 3 * std::pow(0.2, 1.5) * std::log(0.8)) /
      4;
  BOOST_TEST(soft_cross_entropy(log_p, targets, {2, 7, 3}, 4, 1.5).item<double>() == expected,
             boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_SUITE_END()
