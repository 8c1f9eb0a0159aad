#include "data_io/csv_reader.h"

#include <fstream>

#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

using Records = std::vector<std::vector<std::string>>;

Records records_of(const std::string& text) {
  const TemporaryFolder folder;
  std::ofstream(folder / "in.csv", std::ios::binary) << text;
  CsvReader csv(folder / "in.csv");
  Records all;
  std::vector<std::string> fields;
  while (csv.next(&fields)) all.push_back(fields);
  return all;
}

void refused(const std::string& text, const std::string& words) {
  BOOST_CHECK_EXCEPTION(records_of(text), Error, has(words, ExitCode::kInput));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_reader_test)

BOOST_AUTO_TEST_CASE(QuotedFieldsHoldCommasQuotesAndLines) {
  const Records right{{"a\"b", "c\"d", "e,\nf"}, {"", "", "g"}, {"\"", ""}, {"h"}};
  BOOST_CHECK(records_of("a\"b,\"c\"\"d\",\"e,\nf\"\n,\"\",g\n\"\"\"\",\nh") == right);
}

BOOST_AUTO_TEST_CASE(TextAfterAClosingQuoteIsRefusedWithItsLine) {
  refused("x,y\n1,\"a\"b\n", "in.csv:2: text after a closing quote in field 2");
  refused("\"a\n\nb\"c\n", "in.csv:1: text after a closing quote in field 1");
}

BOOST_AUTO_TEST_CASE(QuoteThatIsNeverClosedIsRefusedWhereItsRecordBegins) {
  refused("x\n\"a\nb\nc\n", "in.csv:2: ");
}

BOOST_AUTO_TEST_SUITE_END()
