#include "roles/run_log.h"

#include <boost/test/unit_test.hpp>

#include "core/error.h"
#include "core/file.h"
#include "roles/checkpoint.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(run_log_test)

namespace {

Json line(int iteration) { return {{"iteration", iteration}, {"loss", 0.5 * iteration}}; }

}  // namespace

BOOST_AUTO_TEST_CASE(ResumedLogHasNeitherGapNorRepeat) {
  TemporaryFolder folder;
  RunLog::Position at;
  {
    RunLog log(folder.path(), {}, 0, 10);
    for (int i = 0; i < 3; ++i) log.add(line(i), "");
    at = log.position();
    log.add(line(3), "");  // after the checkpoint, then killed
  }
  RunLog log(folder.path(), at, 3, 10);
  log.add(line(3), "");
  const std::vector<Json> lines = log.metrics();
  BOOST_TEST(lines.size() == 4u);
  for (int i = 0; i < 4; ++i) BOOST_TEST((lines[static_cast<std::size_t>(i)] == line(i)));
}

BOOST_AUTO_TEST_CASE(LineCutByAKillIsDroppedOnResume) {
  TemporaryFolder folder;
  RunLog::Position at;
  {
    RunLog log(folder.path(), {}, 0, 10);
    log.add(line(0), "");
    at = log.position();
  }
  const auto file = folder.path() / "metrics.jsonl";
  write_file_atomically(file, read_file(file) + "{\"iteration\":1,\"lo");
  RunLog log(folder.path(), at, 1, 10);
  BOOST_TEST(log.metrics().size() == 1u);
}

BOOST_AUTO_TEST_CASE(LogShorterThanItsCheckpointIsRefused) {
  TemporaryFolder folder;
  { RunLog log(folder.path(), {}, 0, 10); }
  BOOST_CHECK_EXCEPTION(RunLog(folder.path(), {100, 40}, 1, 10), Error,
                        has("bytes, but the checkpoint was made after", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(SpansTravelAsText) {
  const std::vector<Span> spans{{"learn", 1700000000000000, 5, 0}, {"wait", 1, 0, 3}};
  BOOST_TEST((spans_from_text(spans_to_text(spans)) == spans));
}

BOOST_AUTO_TEST_CASE(TrainingStateComesBackWithItsBits) {
  TrainingState state;
  state.next_iteration = 7;
  state.parameters = {0.1f, -0.0f, 3e-42f};
  state.older = {{1, 2, 3}, {4, 5, -0.0f}};
  state.adamw = AdamW({}, 3);
  state.adamw.m = {4, 5, 6};
  state.adamw.v = {7, 8, 9};
  state.adamw.step = (1ll << 31) + 5;
  state.log = {{123, 456}, 789};
  const TrainingState back = read_training_state(saved_state(state), 3, 2);
  BOOST_TEST(back.next_iteration == 7);
  BOOST_TEST((hash_of(back.parameters) == hash_of(state.parameters)));
  BOOST_TEST((back.older == state.older && back.adamw.m == state.adamw.m &&
              back.adamw.v == state.adamw.v && back.adamw.step == state.adamw.step));
  BOOST_TEST((back.log.metrics.metrics_bytes == 123u));
  BOOST_TEST((back.log.metrics.tensorboard_bytes == 456u && back.log.trail_bytes == 789u));
  BOOST_CHECK_THROW(read_training_state(saved_state(state), 4, 2), Error);
}

BOOST_AUTO_TEST_SUITE_END()
