#include "data_io/trail_file.h"

#include <boost/test/unit_test.hpp>

#include "tests/data_io/temporary_folder.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(trail_file_test)

BOOST_AUTO_TEST_CASE(LinesComeBack) {
  const TemporaryFolder folder;
  const TrailLine first{0, {{0, {1, 2}}, {1, {0, ~0ull}}}, {{"a.lora_A", 3}}}, second{1, {}, {}};
  TrailFile trail(folder.path(), 0);
  trail.add(first);
  trail.add(second);
  BOOST_TEST((read_trail(folder.path()) == std::vector<TrailLine>{first, second}));
}

BOOST_AUTO_TEST_CASE(LineThatIsNoneIsRefusedByItsNumber) {
  for (const char* line : {"", "[]", "{", R"({"iteration":-1,"units":[],"tensors":{}})",
                           R"({"iteration":9223372036854775808,"units":[],"tensors":{}})",
                           R"({"iteration":1,"units":[["1","2"]],"tensors":{}})",
                           R"({"iteration":1,"units":[["0123456789abcdef"]],"tensors":{}})",
                           R"({"iteration":1,"units":[],"tensors":{"a":"0123456789abcdeg"}})"}) {
    const TemporaryFolder folder;
    folder.write("trail.jsonl", R"({"iteration":0,"units":[],"tensors":{}})"
                                "\n" +
                                    std::string(line) + "\n");
    BOOST_CHECK_EXCEPTION(read_trail(folder.path()), Error,
                          has("trail.jsonl:2: ", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_SUITE_END()
