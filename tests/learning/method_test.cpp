#include "learning/method.h"

#include "core/parallel.h"
#include "learning/unit_metrics.h"
#include "tests/learning/units.h"

using namespace arf;
using namespace arf::test;

namespace {

std::vector<MethodSettings> all_methods() {
  return {settings_of("sft"),
          settings_of("dpo"),
          settings_of("ppo"),
          settings_of("tracebias", "literal"),
          settings_of("tracebias", "generated"),
          settings_of("tracebias", "teacher_forced")};
}

struct Result {
  std::vector<float> gradient;
  std::vector<double> metrics;
  bool operator==(const Result&) const = default;
};

// Every unit's gradient and metrics, units side by side on so many threads, as learners run them.
std::vector<Result> results(const Method& method, const Policy& policy,
                            const std::vector<LearningUnit>& units, int num_threads) {
  std::vector<Result> all(units.size());
  parallel_for(units.size(), num_threads, [&](std::size_t i) {
    at::set_num_threads(1);
    const UnitLoss loss = method.loss(policy, units[i]);
    all[i] = {policy.gradient(loss.loss), metrics_to_doubles(loss.metrics)};
  });
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(method_test)

BOOST_AUTO_TEST_CASE(AUnitHasTheSameBitsOnAnyNumberOfThreadsAndInAnyOrder) {
  const Policy policy = small_policy(true);
  std::vector<LearningUnit> units;
  for (std::uint32_t index = 0; index < 7; ++index) {
    units.push_back(sampled_unit(policy, index));
    units.back().stored = stored_unit(index).stored;
  }
  const std::vector<LearningUnit> backwards(units.rbegin(), units.rend());
  for (const MethodSettings& settings : all_methods()) {
    const auto method = make_method(settings);
    const auto one = results(*method, policy, units, 1);
    for (const int threads : {1, 2, 3}) {
      BOOST_TEST((results(*method, policy, units, threads) == one),
                 settings.name << ' ' << settings.variant << " on " << threads);
    }
    auto reversed = results(*method, policy, backwards, 2);
    std::reverse(reversed.begin(), reversed.end());
    BOOST_TEST((reversed == one), settings.name << " backwards");
    for (std::size_t i = 0; i < units.size(); ++i) {
      BOOST_TEST((results(*method, policy, {units[i]}, 1)[0] == one[i]), "unit " << i << " alone");
    }
    BOOST_TEST((one[0] != one[1]));
  }
}

BOOST_AUTO_TEST_CASE(MethodsSayWhatTheyNeed) {
  for (const MethodSettings& settings : all_methods()) {
    const auto method = make_method(settings);
    BOOST_TEST(method->name() == settings.name);
    BOOST_TEST(method->needs_rollouts() ==
               (settings.name == "ppo" || settings.name == "tracebias"));
    BOOST_TEST(method->needs_pairs() == (settings.name == "dpo"));
    BOOST_TEST(method->needs_value_head() == (settings.name == "ppo"));
  }
}

BOOST_AUTO_TEST_CASE(SettingsThatCannotBeHonouredAreNamed) {
  const auto refused = [](const std::function<void(MethodSettings&)>& change, const char* words) {
    MethodSettings settings;
    change(settings);
    check_says(error_of(ExitCode::kUsage, [&] { make_method(settings); }), words);
  };
  refused([](auto& s) { s.name = "grpo"; }, "`grpo`");
  refused([](auto& s) { s.variant = "other"; }, "`other`");
  refused([](auto& s) { s.gamma = 0; }, "method.gamma is 0");
  refused([](auto& s) { s.gamma = NAN; }, "method.gamma is nan");
  refused([](auto& s) { s.gamma = 1.01; }, "method.gamma");
  refused([](auto& s) { s.clip = 1; }, "method.clip");
  refused([](auto& s) { s.gae_lambda = -0.1; }, "method.gae_lambda");
  refused([](auto& s) { s.value_coefficient = -1; }, "method.value_coefficient");
  refused([](auto& s) { s.entropy_coefficient = -1; }, "method.entropy_coefficient");
  refused([](auto& s) { s.kl_coefficient = -1; }, "method.kl_coefficient");
  refused([](auto& s) { s.epochs = 0; }, "method.epochs");
  refused([](auto& s) { s.beta = 0; }, "method.beta");
}

BOOST_AUTO_TEST_SUITE_END()
