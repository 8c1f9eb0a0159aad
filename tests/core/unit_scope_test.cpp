#include "core/unit_scope.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/error.h"

using namespace arf;

namespace {

using Units = std::set<std::int64_t>;

// A process of its own, which does that behind a fork and has to end by the signal.
template <typename Work>
bool ends_by(int signal, const Work& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int one : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(one, SIG_DFL);
    name_units_of_crashes();
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

// Does that while another thread is at unit 1, and waits for it.
template <typename Work>
void beside_unit_1(const Work& work) {
  std::latch begun(1), done(1);
  std::thread other([&] {
    const UnitScope scope(1);
    begun.count_down();
    done.wait();
  });
  begun.wait();
  work();
  done.count_down();
  other.join();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unit_scope_test)

BOOST_AUTO_TEST_CASE(UnitsThatThreadsAreAtAreUnderWayUntilTheyEnd) {
  share_activity();
  BOOST_TEST(unit_of_thread() == kNoUnit);
  beside_unit_1([] {
    BOOST_TEST((suspects(activity()) == Units{1}));
    BOOST_TEST(unit_of_thread() == kNoUnit);
    {
      const UnitScope scope(3);
      BOOST_TEST(unit_of_thread() == 3);
      BOOST_TEST((suspects(activity()) == Units{1, 3}));
    }
    BOOST_TEST(activity().unit == 3);  // the last one begun
    BOOST_TEST((suspects(activity()) == Units{1}));
  });
  BOOST_TEST(suspects(activity()).empty());
}

BOOST_AUTO_TEST_CASE(AUnitThatThrowsIsTheOneAndStaysIt) {
  share_activity();
  const auto throws_at = [](std::int64_t unit) {
    try {
      const UnitScope scope(unit);
      throw std::runtime_error("");
    } catch (const std::runtime_error&) {
    }
  };
  beside_unit_1([&] {
    throws_at(0);
    BOOST_TEST((suspects(activity()) == Units{0}));
    throws_at(2);
    const UnitScope next(4);
    BOOST_TEST((suspects(activity()) == Units{0}));
  });
}

BOOST_AUTO_TEST_CASE(AnErrorThatAUnitDealsWithOrEndsBesideIsNotOfIt) {
  share_activity();
  struct Unwound {
    ~Unwound() { const UnitScope scope(3); }
  };
  try {
    const Unwound unwound;
    throw std::runtime_error("");
  } catch (const std::runtime_error&) {
  }
  const UnitScope scope(2);
  try {
    throw std::runtime_error("");
  } catch (const std::runtime_error&) {
  }
  BOOST_TEST((suspects(activity()) == Units{2}));
  BOOST_TEST(activity().failed == kUnknownUnit);
}

BOOST_AUTO_TEST_CASE(WhereNotAllAreKnownNoneIsSuspected) {
  share_activity();
  std::vector<std::unique_ptr<UnitScope>> scopes;
  for (std::size_t i = 0; i < kMostUnits; ++i) {
    scopes.push_back(std::make_unique<UnitScope>(static_cast<std::int64_t>(i)));
  }
  BOOST_TEST(suspects(activity()).size() == kMostUnits);
  scopes.push_back(std::make_unique<UnitScope>(999));
  BOOST_TEST(suspects(activity()).empty());
  BOOST_TEST(unit_of_thread() == 999);
  scopes.pop_back();
  BOOST_TEST(suspects(activity()).size() == kMostUnits);
  scopes.erase(scopes.begin());
  scopes.push_back(std::make_unique<UnitScope>(999));
  BOOST_TEST(suspects(activity()).contains(999));
}

BOOST_AUTO_TEST_CASE(AThreadThatCrashesSaysAtWhichUnitAndDiesOfIt) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    share_activity();
    BOOST_TEST(ends_by(signal, [&] {
      beside_unit_1([&] {
        const UnitScope scope(0);
        ::raise(signal);
      });
    }));
    // A bus error is a file's.
    BOOST_TEST((suspects(activity()) == (signal == SIGBUS ? Units{} : Units{0})));
  }
}

BOOST_AUTO_TEST_CASE(SoDoesOneThatWritesWhereItMayNotOrMeetsWhatNobodyCatches) {
  share_activity();
  BOOST_TEST(ends_by(SIGSEGV, [] {
    beside_unit_1([] {
      const UnitScope scope(0);
      void* const page = ::mmap(nullptr, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      *static_cast<volatile char*>(page) = 1;
    });
  }));
  BOOST_TEST((suspects(activity()) == Units{0}));
  share_activity();
  BOOST_TEST(ends_by(SIGABRT, [] {
    beside_unit_1([]() noexcept {
      const UnitScope scope(2);
      defect("nobody catches it");
    });
  }));
  BOOST_TEST((suspects(activity()) == Units{2}));
}

BOOST_AUTO_TEST_CASE(OneThatCrashesAtNoUnitBlamesNone) {
  share_activity();
  BOOST_TEST(ends_by(SIGSEGV, [] { beside_unit_1([] { ::raise(SIGSEGV); }); }));
  BOOST_TEST(suspects(activity()).empty());
}

BOOST_AUTO_TEST_CASE(WhereTheProcessIsKilledAllUnderWayAreSuspects) {
  share_activity();
  BOOST_TEST(ends_by(SIGKILL, [] {
    beside_unit_1([] {
      const UnitScope scope(0);
      ::raise(SIGKILL);
    });
  }));
  BOOST_TEST((suspects(activity()) == Units{0, 1}));
}

// As Open MPI does, which prints the stack.
BOOST_AUTO_TEST_CASE(WhoeverHadTheSignalBeforeStillGetsIt) {
  share_activity();
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGSEGV, [](int) { ::_exit(7); });
    name_units_of_crashes();
    const UnitScope scope(3);
    ::raise(SIGSEGV);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 7);
  BOOST_TEST((suspects(activity()) == Units{3}));
}

BOOST_AUTO_TEST_SUITE_END()
