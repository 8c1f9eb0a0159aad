#include "core/parallel.h"

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <latch>
#include <numeric>
#include <optional>
#include <vector>

#include "core/unit_scope.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

std::atomic<int> threads_left = 1 << 30;

}  // namespace

// Sanitizers have their own; then threads are never short.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// Fails as it does at the system's limit.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*start)(void*), void* argument) {
  static const auto real =
      reinterpret_cast<decltype(&pthread_create)>(::dlsym(RTLD_NEXT, "pthread_create"));
  return threads_left-- > 0 ? real(thread, attributes, start, argument) : EAGAIN;
}
#endif

BOOST_AUTO_TEST_SUITE(parallel_test)

BOOST_AUTO_TEST_CASE(EachIsDoneOnceAndTheFirstErrorComes) {
  std::vector<std::atomic<int>> done(1000);
  parallel_for(done.size(), 4, [&](std::size_t i) { ++done[i]; });
  for (const auto& times : done) BOOST_TEST(times == 1);
  const auto fail = [](std::size_t i) {
    if (i == 3) input_error("the fourth");
  };
  BOOST_CHECK_EXCEPTION(parallel_for(5, 4, fail), Error, has("the fourth", ExitCode::kInput));
}

// The second fails while the first still works: both agree on which it is that is told of.
BOOST_AUTO_TEST_CASE(TheUnitToBlameIsThatOfTheErrorThatComes) {
  const auto blamed = [](bool with_scope) {
    share_activity();
    std::latch second_failed(1);
    const auto fail = [&](std::size_t i) {
      if (i == 1) {
        try {
          const UnitScope unit(8);
          input_error("the second");
        } catch (...) {
          second_failed.count_down();
          throw;
        }
      }
      std::optional<UnitScope> unit;
      if (with_scope) unit.emplace(7);
      second_failed.wait();
      input_error("the first");
    };
    BOOST_CHECK_EXCEPTION(parallel_for(2, 2, fail), Error, has("the first", ExitCode::kInput));
    return suspects(activity());
  };
  BOOST_TEST((blamed(true) == std::set<std::int64_t>{7}));
  BOOST_TEST(blamed(false).empty());
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

BOOST_AUTO_TEST_CASE(TheThreadsThatThereAreDoTheWork) {
  for (const int there_are : {0, 1, 3}) {
    threads_left = there_are;
    std::vector<int> done(100, 0);
    parallel_for(done.size(), 4, [&](std::size_t i) { ++done[i]; });
    BOOST_TEST(std::accumulate(done.begin(), done.end(), 0) == 100);
    threads_left = 1 << 30;
  }
}

BOOST_AUTO_TEST_CASE(AStreamNeedsOneThread) {
  for (const int there_are : {0, 1, 3}) {
    threads_left = there_are;
    std::uint32_t next = 0;
    int made = 0, done = 0;
    const auto stream = [&] {
      parallel_stream(
          4, [&] { return next < 50 ? std::optional(next++) : std::nullopt; },
          [&](std::uint32_t) { __atomic_fetch_add(&made, 1, __ATOMIC_RELAXED); },
          [&](std::uint32_t) { ++done; });
    };
    if (there_are == 0) {
      BOOST_CHECK_EXCEPTION(stream(), Error, has("no thread can be started", ExitCode::kResource));
    } else {
      stream();
    }
    BOOST_TEST(made == (there_are > 0 ? 50 : 0));
    BOOST_TEST(done == made);
    threads_left = 1 << 30;
  }
}

#endif

BOOST_AUTO_TEST_SUITE_END()
