#include "data_io/trace_file.h"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "core/json.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(trace_file_test)

BOOST_AUTO_TEST_CASE(spans_become_complete_events_on_their_ranks_row) {
  const Json trace =
      Json::parse(chrome_trace({{"learn \"a\"", 1500, 20, 1}, {"generate", 1000, 400, 0}}));
  const Json& events = trace.at("traceEvents");
  BOOST_REQUIRE_EQUAL(events.size(), 4u);
  BOOST_TEST(events[0].at("ph") == "M");
  BOOST_TEST(events[1].at("args").at("name") == "rank 1");
  BOOST_TEST(events[2] ==
             Json::parse(R"({"ph":"X","name":"generate","pid":0,"tid":0,"ts":0,"dur":400})"));
  BOOST_TEST(events[3] ==
             Json::parse(R"({"ph":"X","name":"learn \"a\"","pid":0,"tid":1,"ts":500,"dur":20})"));
}

BOOST_AUTO_TEST_CASE(no_spans_make_an_empty_trace) {
  BOOST_TEST(Json::parse(chrome_trace({})).at("traceEvents").empty());
}

BOOST_AUTO_TEST_CASE(a_scope_lasts_from_its_making_to_its_end) {
  SpanRecorder recorder(3);
  {
    const auto outer = recorder.scope("outer");
    const auto inner = recorder.scope("inner");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  const std::vector<Span> spans = recorder.take();
  BOOST_REQUIRE_EQUAL(spans.size(), 2u);
  BOOST_TEST(spans[0].name == "inner");
  BOOST_TEST(spans[1].name == "outer");
  BOOST_TEST(spans[0].rank == 3);
  BOOST_TEST(spans[0].duration_us >= 2000);
  BOOST_TEST(spans[1].start_us <= spans[0].start_us);
  BOOST_TEST(spans[1].duration_us >= spans[0].duration_us);
  BOOST_TEST(recorder.spans().empty());
}

BOOST_AUTO_TEST_CASE(seconds_add_up_the_spans_of_a_name) {
  SpanRecorder recorder(0);
  recorder.add("wait", 10, 1'500'000);
  recorder.add("wait", 20, 500'000);
  recorder.add("learn", 30, 1);
  BOOST_TEST(recorder.seconds("wait") == 2.0);
  BOOST_TEST(recorder.seconds("nothing") == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
