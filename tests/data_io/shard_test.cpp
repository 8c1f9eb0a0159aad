#include "data_io/shard.h"

#include <boost/test/unit_test.hpp>

#include "data_io/hdf5_image.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

// A shard of one row with one turn, written column by column so that a test can lie in one.
struct Columns {
  std::vector<std::uint64_t> header{kCorpusFormat, 1, 1};
  std::vector<std::uint32_t> turns{1}, earlier{1}, text_lengths{2};
  std::vector<std::uint8_t> role{0}, has_rejected{0};
  std::vector<float> score{0, 0, 1}, history{1, 0, 0}, rejected_score{NAN, NAN, NAN};
  std::string text = "ab", id = "x";

  std::string image() const {
    Hdf5ImageWriter out(false);
    const auto column = [&](const std::string& name, const std::string& value) {
      out.group(name);
      const std::uint32_t lengths[] = {static_cast<std::uint32_t>(value.size())};
      out.add(name + "/lengths", std::span<const std::uint32_t>(lengths));
      out.add(name + "/bytes", value);
    };
    const std::uint64_t one[] = {1};
    out.add("header", std::span<const std::uint64_t>(header));
    for (const char* group : {"rows", "provenance", "turns", "history"}) out.group(group);
    column("rows/id", id);
    for (const char* name : {"rows/source", "rows/task", "rows/system", "rows/rejected",
                             "provenance/file", "provenance/parent", "provenance/augmentation"}) {
      column(name, "x");
    }
    out.add("rows/has_rejected", has_rejected);
    out.add("rows/rejected_score", rejected_score, 3);
    out.add("rows/turns", turns);
    out.add("provenance/row", std::span<const std::uint64_t>(one));
    out.add("provenance/random_key", std::span<const std::uint64_t>(one));
    out.add("turns/role", role);
    out.group("turns/text");
    out.add("turns/text/lengths", text_lengths);
    out.add("turns/text/bytes", text);
    out.add("turns/score", score, 3);
    out.add("turns/earlier", earlier);
    out.add("history/score", history, 3);
    return out.bytes();
  }
};

void refused(const char* words, const std::function<void(Columns&)>& change) {
  Columns columns;
  change(columns);
  BOOST_CHECK_EXCEPTION(Shard::decode(columns.image(), "s.h5"), Error,
                        has(words, ExitCode::kInput));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shard_test)

BOOST_AUTO_TEST_CASE(HonestColumnsAreRead) {
  const Shard shard = Shard::decode(Columns().image(), "s.h5");
  BOOST_TEST(shard.rows() == 1u);
  BOOST_TEST(shard.row(0).turns[0].text == "ab");
  BOOST_TEST((shard.row(0).turns[0].history[0] == Satisfaction{1, 0, 0}));
  BOOST_TEST(!shard.row(0).rejected.has_value());
}

BOOST_AUTO_TEST_CASE(LyingColumnsAreRefused) {
  refused("s.h5: is not a corpus shard of format 2", [](Columns& c) { c.header[0] = 1; });
  refused("rows/id/lengths", [](Columns& c) { c.header[1] = 2; });
  refused("rows/turns", [](Columns& c) { c.header[2] = 2; });
  refused("turns/role", [](Columns& c) { c.header[2] = 2, c.turns = {2}; });
  refused("rows/turns", [](Columns& c) { c.turns = {2}; });
  refused("rows/turns", [](Columns& c) { c.turns = {0}; });
  refused("rows/turns", [](Columns& c) {
    c.header[2] = 0, c.turns = {0}, c.role = {}, c.score = {}, c.earlier = {}, c.history = {};
    c.text_lengths = {}, c.text = "";
  });
  refused("rows/id", [](Columns& c) { c.id = ""; });
  refused("turns/earlier", [](Columns& c) { c.earlier = {0xffffffff}; });
  refused("turns/text/lengths", [](Columns& c) { c.text_lengths = {3}; });
  // In 32 bits their sum would be right.
  refused("turns/text/lengths", [](Columns& c) {
    c.header[2] = 2, c.turns = {2}, c.role = {0, 1}, c.text_lengths = {0xffffffff, 3};
  });
  refused("turns/text/lengths", [](Columns& c) {
    c.text.assign((16 << 20) + 1, 'x'), c.text_lengths = {(16 << 20) + 1};
  });
  refused("turns/text/lengths", [](Columns& c) { c.text_lengths = {}; });
  refused("turns/role", [](Columns& c) { c.role = {2}; });
  refused("rows/has_rejected", [](Columns& c) { c.has_rejected = {7}; });
  refused("the row columns", [](Columns& c) { c.has_rejected = {}; });
  refused("turns/score", [](Columns& c) { c.score = {0, 0, 2}; });
  refused("turns/score", [](Columns& c) { c.score = {}; });
  refused("turns/score", [](Columns& c) { c.score = {NAN, 0, 1}; });
  refused("history/score", [](Columns& c) { c.history = {NAN, NAN, NAN}; });
  refused("turns/text holds text that is not UTF-8", [](Columns& c) { c.text = "a\xff"; });
}

BOOST_AUTO_TEST_CASE(CharacterCutByAnOffsetIsRefused) {
  refused("not UTF-8", [](Columns& c) {
    c.header[2] = 2, c.role = {0, 1}, c.score = {0, 0, 1, 0, 0, 1};
    c.turns = {2}, c.earlier = {0, 1};
    c.text = "\u00e9", c.text_lengths = {1, 1};
  });
}

BOOST_AUTO_TEST_CASE(Fletcher32SeesAFlippedBit) {
  Columns columns;
  columns.text = "a text that can be found in the file, since it is stored without compression";
  columns.text_lengths = {static_cast<std::uint32_t>(columns.text.size())};
  std::string image = columns.image();
  const auto at = image.find("can be found");
  BOOST_REQUIRE(at != std::string::npos);
  image[at] ^= 1;
  BOOST_CHECK_EXCEPTION(Shard::decode(image, "s.h5"), Error,
                        has("`turns/text/bytes` is damaged", ExitCode::kInput));
}

BOOST_AUTO_TEST_CASE(NoHdf5FileIsRefused) {
  for (const std::string& image : {std::string(), std::string("text"), std::string(5000, 'x')}) {
    BOOST_CHECK_EXCEPTION(Shard::decode(image, "s.h5"), Error,
                          has("s.h5: is not an HDF5", ExitCode::kInput));
  }
}

BOOST_AUTO_TEST_CASE(ColumnsThatWouldTakeTheMemoryAreRefused) {
  Columns columns;
  columns.text.assign(1 << 20, 'a');
  columns.text_lengths = {1 << 20};
  const std::string image = columns.image();
  BOOST_TEST(Shard::decode(image, "s.h5", (1 << 20) + 1000).rows() == 1u);
  BOOST_CHECK_EXCEPTION(Shard::decode(image, "s.h5", 1 << 20), Error,
                        has("and a shard may have 1048576", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
