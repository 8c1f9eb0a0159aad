#include "data_io/tensorboard.h"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <map>

#include "core/error.h"
#include "core/file.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

namespace {

// A reader of its own: numbers and submessages of a protobuf message by field.
struct Field {
  std::uint64_t number = 0;  // varint or fixed
  std::string bytes;
};

std::multimap<int, Field> parse(std::string_view message) {
  std::multimap<int, Field> fields;
  std::size_t at = 0;
  const auto varint = [&] {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(message.at(at++));
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.size()) {
    const std::uint64_t key = varint();
    Field field;
    if ((key & 7) == 0) field.number = varint();
    const std::size_t fixed = (key & 7) == 1 ? 8 : (key & 7) == 5 ? 4 : 0;
    std::memcpy(&field.number, message.data() + at, fixed);
    at += fixed;
    if ((key & 7) == 2) {
      const std::uint64_t size = varint();
      field.bytes = message.substr(at, size);
      at += size;
    }
    fields.emplace(static_cast<int>(key >> 3), field);
  }
  return fields;
}

std::uint32_t unmask(std::uint32_t masked) {
  const std::uint32_t rotated = masked - 0xa282ead8u;
  return (rotated >> 17) | (rotated << 15);
}

std::vector<std::string> read_records(const std::string& file) {
  std::vector<std::string> records;
  for (std::size_t at = 0; at < file.size();) {
    std::uint64_t size = 0;
    std::uint32_t length_crc = 0, data_crc = 0;
    BOOST_REQUIRE(at + 12 <= file.size());
    std::memcpy(&size, file.data() + at, 8);
    std::memcpy(&length_crc, file.data() + at + 8, 4);
    BOOST_REQUIRE_EQUAL(unmask(length_crc), crc32c(std::string_view(file).substr(at, 8)));
    BOOST_REQUIRE(at + 16 + size <= file.size());
    std::memcpy(&data_crc, file.data() + at + 12 + size, 4);
    records.push_back(file.substr(at + 12, size));
    BOOST_REQUIRE_EQUAL(unmask(data_crc), crc32c(records.back()));
    at += 16 + size;
  }
  return records;
}

float as_float(std::uint64_t bits) {
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tensorboard_test)

BOOST_AUTO_TEST_CASE(crc32c_has_the_known_answers) {
  BOOST_TEST(crc32c("123456789") == 0xE3069283u);
  BOOST_TEST(crc32c("") == 0u);
  BOOST_TEST(crc32c(std::string(32, '\0')) == 0x8A9136AAu);  // RFC 3720, B.4
}

BOOST_AUTO_TEST_CASE(events_parse_back) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "events.out.tfevents.test";
  TensorBoardWriter writer(path);
  writer.scalars(300, 12.5, {{"reward/mean", 0.25f}, {"loss", -1.5f}});
  const std::string file = read_file(path);
  BOOST_TEST(writer.offset() == file.size());
  const auto records = read_records(file);
  BOOST_REQUIRE_EQUAL(records.size(), 2u);
  BOOST_TEST(parse(records[0]).find(3)->second.bytes == "brain.Event:2");

  const auto event = parse(records[1]);
  double wall_time;
  std::memcpy(&wall_time, &event.find(1)->second.number, 8);
  BOOST_TEST(wall_time == 12.5);
  BOOST_TEST(event.find(2)->second.number == 300u);
  const auto summary = parse(event.find(5)->second.bytes);
  std::map<std::string, float> values;
  for (const auto& [field, value] : summary) {
    const auto item = parse(value.bytes);
    values[item.find(1)->second.bytes] = as_float(item.find(2)->second.number);
  }
  BOOST_TEST(values.size() == 2u);
  BOOST_TEST(values["reward/mean"] == 0.25f);
  BOOST_TEST(values["loss"] == -1.5f);
}

BOOST_AUTO_TEST_CASE(a_resumed_file_equals_an_undisturbed_one) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "events";
  std::uint64_t checkpoint = 0;
  {
    TensorBoardWriter writer(path);
    writer.scalars(1, 1, {{"loss", 1.0f}});
    checkpoint = writer.offset();
    writer.scalars(2, 2, {{"loss", 2.0f}});
  }
  const std::string whole = read_file(path);
  {
    TensorBoardWriter writer(path, checkpoint);
    writer.scalars(2, 2, {{"loss", 2.0f}});
    BOOST_TEST(writer.offset() == whole.size());
  }
  BOOST_TEST(read_file(path) == whole);
}

BOOST_AUTO_TEST_CASE(a_file_shorter_than_its_checkpoint_is_refused) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "events";
  { TensorBoardWriter writer(path); }
  const std::uint64_t size = std::filesystem::file_size(path);
  BOOST_CHECK_EXCEPTION(TensorBoardWriter(path, size + 1), Error,
                        [](const Error& error) { return error.code() == ExitCode::kInput; });
}

BOOST_AUTO_TEST_SUITE_END()
