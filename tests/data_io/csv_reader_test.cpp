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
  while (csv.next()) all.push_back(csv.fields());
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

BOOST_AUTO_TEST_CASE(RecordAfterABadOneCanBeRead) {
  const TemporaryFolder folder;
  std::ofstream(folder / "in.csv") << "1,\"a\"b,\"c\n2,d\n";
  CsvReader csv(folder / "in.csv");
  BOOST_TEST(csv.next());
  BOOST_CHECK_THROW(csv.fields(), Error);
  BOOST_TEST(csv.next());
  BOOST_TEST(csv.fields() == (std::vector<std::string>{"2", "d"}),
             boost::test_tools::per_element());
  BOOST_TEST(!csv.next());
}

BOOST_AUTO_TEST_CASE(BlankLinesBetweenRecordsArePassedOver) {
  const Records right{{"a", "b"}, {"\n", ""}};
  BOOST_CHECK(records_of("\na,b\n\r\n\n\"\n\",\n\n") == right);
}

BOOST_AUTO_TEST_CASE(QuoteThatIsNeverClosedIsRefusedWhereItsRecordBegins) {
  refused("x\n\"a\nb\nc\n", "in.csv:2: ");
}

BOOST_AUTO_TEST_CASE(ARecordOfMoreFieldsThanAnyFileHasIsRefused) {
  BOOST_TEST(records_of(std::string(1023, ',')).at(0).size() == 1024u);
  refused("a\n" + std::string(1024, ','), "in.csv:2: the record has more than 1024 fields");
}

BOOST_AUTO_TEST_SUITE_END()
