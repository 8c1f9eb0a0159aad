#include "roles/alarms.h"

#include <boost/test/unit_test.hpp>

using namespace arf;

BOOST_AUTO_TEST_SUITE(alarms_test)

BOOST_AUTO_TEST_CASE(AnAlarmIsSaidWhenItBeginsAndAgainWhenItComesBack) {
  Alarms alarms({}, {});
  const auto line = [](double kl) { return Json{{"iteration", 3}, {"kl", kl}}; };
  BOOST_TEST(alarms.look(line(0.5)).empty());
  BOOST_TEST(alarms.look(line(1.5)).size() == 1u);
  BOOST_TEST(alarms.look(line(2.5)).empty());
  BOOST_TEST(alarms.active() == 1u);
  BOOST_TEST(alarms.look(line(1.0)).empty());
  BOOST_TEST(alarms.active() == 0u);
  BOOST_TEST(alarms.look(line(1.5)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(EachNumberHasItsOwn) {
  const auto says = [](const Json& line, const std::string& words, const AlarmSettings& with = {}) {
    const auto said = Alarms(with, {}).look(line);
    return said.size() == 1 && said[0].find(words) != std::string::npos;
  };
  BOOST_TEST(says({{"grad_norm/all", 101.0}}, "alarm.grad_norm"));
  BOOST_TEST(says({{"entropy", 0.009}}, "alarm.entropy"));
  BOOST_TEST(says({{"ratio/min", 0.9}, {"ratio/max", 11.0}}, "factor of 11"));
  BOOST_TEST(says({{"ratio/min", 0.05}, {"ratio/max", 1.0}}, "factor of 20"));
  BOOST_TEST(!says({{"grad_norm/all", 99.0}, {"entropy", 0.02}, {"kl", 0.9}}, ""));
  AlarmSettings off{0, 0, 0, 0, 0};
  BOOST_TEST(!says({{"grad_norm/all", 1e9}, {"entropy", 0.0}, {"kl", 1e9}}, "", off));
}

// A run that was stopped and goes on warns where an undisturbed one does.
BOOST_AUTO_TEST_CASE(AFallOfTheRewardIsOfItsBestMean) {
  for (const std::size_t stopped_at : {0u, 10u, 35u}) {
    std::vector<Json> lines;
    for (int i = 0; i < 60; ++i) {
      lines.push_back({{"iteration", i}, {"reward/mean", i < 30 ? 0.5 : 0.1}});
    }
    Alarms alarms({}, {lines.begin(), lines.begin() + static_cast<long>(stopped_at)});
    std::vector<std::size_t> begun;
    for (std::size_t i = stopped_at; i < lines.size(); ++i) {
      if (!alarms.look(lines[i]).empty()) begun.push_back(i);
    }
    // 0.4 n / 20 > 0.3 from the sixteenth low one on (0.3 in doubles is not over 0.3).
    BOOST_TEST((begun == std::vector<std::size_t>{45}));
  }
}

BOOST_AUTO_TEST_SUITE_END()
