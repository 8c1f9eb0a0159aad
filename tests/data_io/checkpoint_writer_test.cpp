#include "data_io/checkpoint_writer.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "core/activity.h"

using namespace arf;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(checkpoint_writer_test)

BOOST_AUTO_TEST_CASE(LearningGoesOnWhileADiskIsSlow) {
  CheckpointWriter writer(/*silence=*/0.5);
  std::atomic<bool> is_over = false, has_ended = false;
  writer.start([&] {
    for (int i = 0; i < 20000 && !is_over; ++i) {  // a look that waits for it waits for its end
      note_progress();
      std::this_thread::sleep_for(1ms);
    }
    has_ended = true;
  });
  for (int i = 0; i < 60; ++i, std::this_thread::sleep_for(20ms)) writer.look();
  BOOST_TEST(!has_ended);  // no look waited for it
  is_over = true;
  writer.wait();
}

BOOST_AUTO_TEST_CASE(ADiskThatDoesNotAnswerIsWaitedFor) {
  CheckpointWriter writer(/*silence=*/0.1);
  std::atomic<bool> is_over = false;
  writer.start([&] {
    std::this_thread::sleep_for(1s);
    is_over = true;
  });
  for (int i = 0; i < 30 && !is_over; ++i, std::this_thread::sleep_for(10ms)) writer.look();
  BOOST_TEST(is_over);
}

BOOST_AUTO_TEST_CASE(WhyACheckpointCouldNotBeWrittenComesAtALook) {
  CheckpointWriter writer;
  writer.start([] { throw std::runtime_error("full"); });
  const auto look_for_a_while = [&] {
    for (int i = 0; i < 1000; ++i, std::this_thread::sleep_for(10ms)) writer.look();
  };
  BOOST_CHECK_THROW(look_for_a_while(), std::runtime_error);
  writer.look();
}

BOOST_AUTO_TEST_SUITE_END()
