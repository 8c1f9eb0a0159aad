#include "report/html.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "core/json.h"
#include "report/metric_series.h"
#include "report/training_report.h"

using namespace arf;

namespace {
bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(html_test)

BOOST_AUTO_TEST_CASE(markup_in_a_text_stays_text) {
  BOOST_TEST(escape_html("<a href=\"x\">'&'</a>") ==
             "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  BOOST_TEST(escape_html("\xC2\x80 \xC2\x9b \xC2\xa0 \xC2") ==
             "\xEF\xBF\xBD \xEF\xBF\xBD \xC2\xa0 \xC2");
  BOOST_TEST(escape_html("line\n\ttab\x01\x7f é") == "line\n\ttab\xEF\xBF\xBD\xEF\xBF\xBD é");
}

BOOST_AUTO_TEST_CASE(numbers_are_readable) {
  BOOST_TEST(readable_number(0.31249) == "0.312");
  BOOST_TEST(readable_number(-1234567.4) == "-1,234,567");
  BOOST_TEST(readable_number(1000) == "1,000");
  BOOST_TEST(readable_number(45.678) == "45.68");
  BOOST_TEST(readable_number(0.00012) == "1.2e-04");
  BOOST_TEST(readable_number(0) == "0.000");
  BOOST_TEST(readable_number(std::nan("")) == "–");
}

BOOST_AUTO_TEST_CASE(a_script_in_any_place_of_a_report_stays_text) {
  const std::string script = "<script>alert(1)</script>";
  const std::vector<Json> metrics = {{{"iteration", 0}, {"reward/" + script, 0.5}, {script, 1}}};
  const Json manifest = {{"model", script}, {script, {{"deep", script}}}};
  const std::string html = training_report(metrics, manifest, {{script, script, script, 0.1f, {}}});
  BOOST_TEST(!holds(html, "<script"));
  BOOST_TEST(holds(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

BOOST_AUTO_TEST_CASE(a_page_asks_nothing_of_the_network) {
  const std::string html = training_report({{{"iteration", 0}, {"loss", 0.5}}}, Json::object(), {});
  for (const char* part : {"http", "src=", "href=", "@import", "url("}) {
    BOOST_TEST(!holds(html, part));
  }
}

BOOST_AUTO_TEST_CASE(metrics_that_are_no_numbers_are_gaps) {
  const std::vector<Json> metrics = {{{"messages", 1}, {"loss", 0.5}},
                                     {{"messages", Json::object()}, {"loss", 0.25}},
                                     {{"messages", 3}, {"loss", "x"}},
                                     {{"loss", 1}},
                                     {{"messages", 5}, {"loss", 2}}};
  Series series = series_of(metrics, "messages", "loss");
  BOOST_TEST(series.x.size() == 5u);
  BOOST_TEST(std::isnan(series.x[1]));
  BOOST_TEST(std::isnan(series.y[2]));
  drop_gaps(&series);
  BOOST_TEST((series.x == std::vector<double>{1, 5}));
  BOOST_TEST((series.y == std::vector<double>{0.5, 2}));
}

BOOST_AUTO_TEST_SUITE_END()
