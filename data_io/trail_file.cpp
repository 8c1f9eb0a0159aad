#include "data_io/trail_file.h"

#include <charconv>

#include "core/error.h"
#include "core/file_reader.h"
#include "core/json.h"
#include "core/log.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLineBytes = 64 << 20;  // some 40 a unit, 100 a tensor

fs::path file_in(const fs::path& directory) { return directory / "trail.jsonl"; }

std::string hex(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

std::uint64_t from_hex(const SortedJson& value, const std::string& where) {
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  std::uint64_t hash = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  if (text.size() != 16 || error != std::errc() || end != text.data() + text.size()) {
    input_error("{}: {} is no hash of 16 hexadecimal digits", where, value.dump());
  }
  return hash;
}

TrailLine read_line(const std::string& text, const std::string& where) {
  const SortedJson json = parse_sorted_json(text, where);
  const auto is_list = [&](const char* key) { return json.contains(key) && json[key].is_array(); };
  const auto is_count = [&](const char* key) {
    return json.contains(key) && json[key].is_number_unsigned() &&
           json[key].get<std::uint64_t>() <= INT64_MAX;
  };
  if (!json.is_object() || !is_count("iteration") || !is_list("units") ||
      !json.contains("tensors") || !json["tensors"].is_object()) {
    input_error("{}: has not iteration, units and tensors", where);
  }
  TrailLine line;
  line.iteration = json["iteration"].get<std::int64_t>();
  std::uint32_t index = 0;
  for (const SortedJson& unit : json["units"]) {
    if (!unit.is_array() || unit.size() != 2) input_error("{}: a unit has two hashes", where);
    line.units[index++] = {from_hex(unit[0], where), from_hex(unit[1], where)};
  }
  for (const auto& [name, hash] : json["tensors"].items()) {
    line.tensors[name] = from_hex(hash, where);
  }
  return line;
}

}  // namespace

TrailFile::TrailFile(const fs::path& directory, std::uint64_t from_bytes)
    : file_(file_in(directory), from_bytes, Records::kLines) {}

void TrailFile::add(const TrailLine& line) {
  Json units = Json::array(), tensors = Json::object();
  for (const auto& [index, unit] : line.units) {
    ARF_CHECK(index == units.size(), "unit {} is the {}th", index, units.size());
    units.push_back({hex(unit.replies), hex(unit.gradient)});
  }
  for (const auto& [name, hash] : line.tensors) tensors[name] = hex(hash);
  const Json json = {{"iteration", line.iteration}, {"units", units}, {"tensors", tensors}};
  file_.add(json.dump() + "\n");
}

std::vector<TrailLine> read_trail(const fs::path& directory) {
  const fs::path path = file_in(directory);
  std::error_code failure;
  if (!fs::exists(path, failure)) {
    input_error("{}: is not there; `arf train` leaves it in the folder of a run", path.string());
  }
  FileReader file(path);
  std::vector<TrailLine> lines;
  std::string block(1 << 20, '\0'), rest;
  while (const std::size_t got = file.read(block.data(), block.size())) {
    rest.append(block, 0, got);
    std::size_t at = 0;
    for (std::size_t end; (end = rest.find('\n', at)) != std::string::npos; at = end + 1) {
      const std::string where = fmt::format("{}:{}", path.string(), lines.size() + 1);
      lines.push_back(read_line(rest.substr(at, end - at), where));
    }
    rest.erase(0, at);
    if (rest.size() > kMostLineBytes) {
      input_error("{}:{}: the line has more than {} bytes; no run makes one", path.string(),
                  lines.size() + 1, kMostLineBytes);
    }
  }
  if (!rest.empty()) {
    log_warning(
        "{}:{}: the last line has no end and is left out: the run was stopped as it wrote it",
        path.string(), lines.size() + 1);
  }
  return lines;
}

}  // namespace arf
