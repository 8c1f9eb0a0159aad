#include "learning/learning_rate.h"

#include "tests/learning/units.h"

using namespace arf;
using namespace arf::test;

namespace {

std::vector<double> rates(const LearningRateSettings& settings, std::int64_t total) {
  std::vector<double> all;
  for (std::int64_t step = 0; step < total; ++step) {
    all.push_back(learning_rate_at(settings, step, total));
  }
  return all;
}

void check_rates(const LearningRateSettings& settings, const std::vector<double>& expected) {
  const auto found = rates(settings, std::int64_t(expected.size()));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST(std::abs(found[i] - expected[i]) < 1e-15, "step " << i << ": " << found[i]);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(learning_rate_test)

BOOST_AUTO_TEST_CASE(SchedulesByHand) {
  check_rates({"constant", 0.5, 0, 0}, {0.5, 0.5, 0.5});
  check_rates({"constant", 1, 4, 0}, {0.25, 0.5, 0.75, 1, 1, 1});
  check_rates({"linear", 1, 2, 0}, {0.5, 1, 1, 0.75, 0.5, 0.25});
  check_rates({"linear", 2, 0, 0.5}, {2, 1.75, 1.5, 1.25});
  const double half = std::sqrt(0.5);
  check_rates({"cosine", 1, 0, 0}, {1, (1 + half) / 2, 0.5, (1 - half) / 2});
  check_rates({"cosine", 2, 1, 0.5}, {2, 2, 1.5});
}

BOOST_AUTO_TEST_CASE(BeyondTheEndTheRateStays) {
  for (const char* schedule : {"linear", "cosine"}) {
    const LearningRateSettings settings{schedule, 3, 2, 0.1};
    BOOST_TEST(std::abs(learning_rate_at(settings, 10, 10) - 0.3) < 1e-15);
    BOOST_TEST(std::abs(learning_rate_at(settings, 99, 10) - 0.3) < 1e-15);
  }
  // A warm-up longer than the run.
  check_rates({"linear", 1, 10, 0}, {0.1, 0.2, 0.3});
}

BOOST_AUTO_TEST_CASE(SettingsThatCannotBeHonouredAreNamed) {
  check_learning_rate({"cosine", 1e-5, 3, 0.1});
  const auto refused = [](const LearningRateSettings& settings, const char* words) {
    check_says(error_of(ExitCode::kUsage, [&] { check_learning_rate(settings); }), words);
  };
  refused({"step", 1, 0, 0}, "`step`");
  refused({"constant", 0, 0, 0}, "rate is 0");
  refused({"constant", NAN, 0, 0}, "nan");
  refused({"constant", INFINITY, 0, 0}, "inf");
  refused({"constant", 1, -1, 0}, "-1 iterations");
  refused({"linear", 1, 0, 1.5}, "1.5");
}

BOOST_AUTO_TEST_SUITE_END()
