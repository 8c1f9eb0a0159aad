#include "roles/checkpoint.h"

#include <boost/test/unit_test.hpp>

#include "core/error.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

constexpr int kStaleness = 2;

TrainingState some_state() {
  TrainingState state;
  state.next_iteration = 7;
  state.parameters = {1, 2, 3};
  state.older = {{4, 5, 6}, {7, 8, 9}};
  state.adamw.m = state.adamw.v = {0, 0, 0};
  state.adamw.step = 7;
  return state;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_test)

// A run's directory may come from elsewhere; its hashes say nothing of that.
BOOST_AUTO_TEST_CASE(NumbersThatNoRunHasAreRefused) {
  const auto refused = [](const char* words, const char* name, std::int64_t number) {
    SavedState saved = saved_state(some_state());
    saved.numbers[name] = number;
    BOOST_CHECK_EXCEPTION(read_training_state(saved, 3, kStaleness), Error,
                          has(words, ExitCode::kInput));
  };
  refused("`next_iteration` is -1", "next_iteration", -1);
  refused("`next_iteration` is 17592186044416", "next_iteration", std::int64_t{1} << 44);
  refused("`adamw.step` is -7", "adamw.step", -7);
  refused("`trail.bytes` is -1", "trail.bytes", -1);
  refused("`older` is -1", "older", -1);
  // The policies that are due would be looked for where there are none.
  refused("has 1 policies before that of iteration 7, and train.staleness is 2", "older", 1);
  refused("has 2 policies before that of iteration 1", "next_iteration", 1);
}

BOOST_AUTO_TEST_SUITE_END()
