// Ranks that ask which unit is next, and the hub that tells them, in one process.
#include "guard/unit_counter.h"

#include <poll.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <thread>

#include "core/error.h"
#include "guard/hub.h"

using namespace arf;

namespace {

// A hub that lives in a thread of its own, as in a process of its own.
class LivingHub {
 public:
  LivingHub() : thread_([this] { live(); }) {}
  ~LivingHub() {
    ends_ = true;
    thread_.join();
  }
  std::string address() const { return fmt::format("{} secret none 127.0.0.1", listener_.port()); }

 private:
  void live() {
    Hub hub(&listener_, "secret", 3, {10, 100}, 0);
    while (!ends_) {
      hub.look("here", {}, 0);
      ::poll(nullptr, 0, 1);
    }
  }
  LineListener listener_;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

bool is_lost(const Error& error) { return error.code() == ExitCode::kLost; }

}  // namespace

BOOST_AUTO_TEST_SUITE(unit_counter_test)

BOOST_AUTO_TEST_CASE(OneRankCountsByItself) {
  UnitCounter counter;
  BOOST_TEST((counter.take(4, 2) == 0U));
  BOOST_TEST((counter.take(4, 2) == 1U));
  BOOST_TEST(!counter.take(4, 2));
  BOOST_TEST((counter.take(5, 2) == 0U));
}

BOOST_AUTO_TEST_CASE(IterationsLongPastAreForgotten) {
  Counted counted;
  for (std::int64_t iteration = 0; iteration < 100; ++iteration) counted.next(iteration);
  BOOST_TEST(counted.next(99) == 1U);
  BOOST_TEST(counted.next(98) == 1U);
}

BOOST_AUTO_TEST_CASE(RanksThatAskTheHubGetEachUnitOnce) {
  LivingHub hub;
  UnitCounter a(hub.address(), 1, 10), b(hub.address(), 2, 10);
  BOOST_TEST((a.take(4, 3) == 0U));
  BOOST_TEST((b.take(4, 3) == 1U));
  BOOST_TEST((b.take(4, 3) == 2U));
  BOOST_TEST(!a.take(4, 3));
  BOOST_TEST(!b.take(4, 3));
  BOOST_TEST((a.take(5, 3) == 0U));
}

BOOST_AUTO_TEST_CASE(AHubThatIsGoneIsALostError) {
  auto hub = std::make_unique<LivingHub>();
  const std::string address = hub->address();
  UnitCounter counter(address, 1, 10);
  hub.reset();
  BOOST_CHECK_EXCEPTION(counter.take(4, 3), Error, is_lost);
  BOOST_CHECK_EXCEPTION(UnitCounter(address, 1, 0.1), Error, is_lost);
}

BOOST_AUTO_TEST_CASE(OneThatDoesNotAnswerIsALostError) {
  const LineListener deaf;
  const std::string address = fmt::format("{} secret 127.0.0.1", deaf.port());
  BOOST_CHECK_EXCEPTION(UnitCounter(address, 1, 0), Error, is_lost);
}

BOOST_AUTO_TEST_SUITE_END()
