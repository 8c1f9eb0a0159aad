#include "core/background.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/activity.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(background_test)

BOOST_AUTO_TEST_CASE(WhileAStepIsAtWorkTheNewestOfTheOthersIsKept) {
  Background background;
  std::promise<void> go_on;
  std::vector<int> done;
  background.start([&] {
    go_on.get_future().wait();
    done.push_back(1);
  });
  background.start([&] { done.push_back(2); });
  background.start([&] { done.push_back(3); });
  BOOST_TEST(!background.is_done());
  go_on.set_value();
  background.wait();
  BOOST_TEST(background.is_done());
  BOOST_TEST((done == std::vector<int>{1, 3}));
}

BOOST_AUTO_TEST_CASE(WhatAStepThrowsComesOnceAndNothingIsDoneBehindIt) {
  Background background;
  std::promise<void> go_on;
  bool came_behind = false;
  background.start([&] {
    go_on.get_future().wait();
    throw std::runtime_error("full");
  });
  background.start([&] { came_behind = true; });
  go_on.set_value();
  BOOST_CHECK_THROW(background.wait(), std::runtime_error);
  BOOST_TEST(!came_behind);
  background.start([&] { throw std::runtime_error("full"); });
  while (!background.is_done()) {
  }
  BOOST_CHECK_THROW(background.start([&] { came_behind = true; }), std::runtime_error);
  BOOST_TEST(!came_behind);
  background.wait();
}

BOOST_AUTO_TEST_CASE(AStepWithoutProgressStandsStill) {
  const auto pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
  Background background;
  std::atomic<bool> goes_on = true, is_over = false;
  background.start([&] {
    while (!is_over) {
      if (goes_on) note_progress();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  const std::uint64_t before = activity().steps;
  for (int i = 0; i < 40; ++i, pause()) BOOST_TEST(!background.stands_still(0.4));
  BOOST_TEST(activity().steps == before);  // it counts apart
  goes_on = false;
  int looks = 0;
  while (!background.stands_still(0.2) && ++looks < 1000) pause();
  BOOST_TEST(looks < 1000);
  is_over = true;
  background.wait();
  BOOST_TEST(!background.stands_still(0.2));
}

BOOST_AUTO_TEST_CASE(WhileAStepGoesOnSoDoesWhoWaitsForIt) {
  Background background;
  background.start([] {
    for (int i = 0; i < 30; ++i) {
      note_progress();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  const std::uint64_t before = activity().steps;
  background.wait();
  BOOST_TEST(activity().steps > before);
}

// Whether it is kept or begun depends on the moment; neither may be lost.
BOOST_AUTO_TEST_CASE(AStepMayBeGivenWhileAnotherEnds) {
  Background background;
  int last = 0;
  for (int i = 1; i <= 1000000; ++i) background.start([&last, i] { last = i; });
  background.wait();
  BOOST_TEST(last == 1000000);
}

BOOST_AUTO_TEST_SUITE_END()
