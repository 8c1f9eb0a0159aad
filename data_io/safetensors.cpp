#include "data_io/safetensors.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "core/activity.h"
#include "core/error.h"
#include "core/file_reader.h"
#include "core/json.h"
#include "data_io/safetensors_writer.h"

namespace arf {
namespace {

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit
constexpr std::size_t kBlock = 64 << 20;  // copied at once: some hundredths of a second
const std::map<std::string, std::uint64_t> kDtypeBytes = {
    {"F64", 8}, {"I64", 8}, {"U64", 8},  {"F32", 4},     {"I32", 4},
    {"U32", 4}, {"F16", 2}, {"BF16", 2}, {"I16", 2},     {"U16", 2},
    {"I8", 1},  {"U8", 1},  {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1}};

// A file mapped for reading.
struct Mapping {
  const std::byte* data = nullptr;
  std::uint64_t size = 0;

  explicit Mapping(const std::filesystem::path& path) {
    const FileReader file(path);
    size = file.size_bytes();
    void* start = size ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.file(), 0) : nullptr;
    if (start == MAP_FAILED) {
      resource_error("{}: cannot be mapped: {}", path.string(), std::strerror(errno));
    }
    data = static_cast<const std::byte*>(start);
  }
  ~Mapping() {
    if (data) ::munmap(const_cast<std::byte*>(data), size);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
};

// The first name that stands twice at the top of a document: JSON libraries keep either one. A pass
// of its own, since nlohmann's parser looks through all members behind each one where it is given a
// callback.
class RepeatedName : public nlohmann::json_sax<SortedJson> {
 public:
  const std::string& name() const { return name_; }

  bool key(string_t& name) override {
    if (depth_ == 1 && !names_.insert(name).second && name_.empty()) name_ = name;
    return true;
  }
  bool start_object(std::size_t) override { return ++depth_ > 0; }
  bool end_object() override { return depth_-- > 0; }
  bool start_array(std::size_t) override { return ++depth_ > 0; }
  bool end_array() override { return depth_-- > 0; }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;  // is said by the parser
  }

 private:
  int depth_ = 0;
  std::set<std::string> names_;
  std::string name_;
};

SortedJson parse_header(const std::string& where, std::string_view text) {
  check_json_bounds(text, where);
  SortedJson header;
  try {
    header = SortedJson::parse(text);
  } catch (const SortedJson::exception& error) {
    input_error("{}: the header is not JSON ({}); the file is damaged or not safetensors", where,
                error.what());
  }
  if (!header.is_object()) input_error("{}: the header is not a JSON object", where);
  RepeatedName repeated;
  SortedJson::sax_parse(text, &repeated);
  if (!repeated.name().empty()) {
    input_error("{}: tensor `{}` stands twice in the header", where, repeated.name());
  }
  return header;
}

bool is_count(const SortedJson& value) { return value.is_number_unsigned(); }

// Product of the shape times the size of an element; input_error where it passes `limit`.
std::uint64_t checked_bytes(const std::string& what, const std::vector<std::int64_t>& shape,
                            std::uint64_t element, std::uint64_t limit) {
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  std::uint64_t bytes = element;
  for (const std::int64_t extent : shape) {
    const auto factor = static_cast<std::uint64_t>(extent);
    if (bytes > limit / factor) {
      input_error("{} of shape [{}] does not fit in the file's {} bytes of data", what,
                  fmt::join(shape, ", "), limit);
    }
    bytes *= factor;
  }
  return bytes;
}

struct Range {
  std::uint64_t begin = 0, end = 0;
  std::string name;
};

// One entry of the header, checked against the data's size alone.
StoredTensor read_entry(const std::string& where, const std::string& name, const SortedJson& entry,
                        std::span<const std::byte> data, Range* range) {
  const std::string what = fmt::format("{}: tensor `{}`", where, name);
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets")) {
    input_error("{} lacks dtype, shape or data_offsets", what);
  }
  const SortedJson &dtype = entry["dtype"], &shape = entry["shape"],
                   &offsets = entry["data_offsets"];
  StoredTensor tensor;
  if (!dtype.is_string() || !kDtypeBytes.contains(dtype.get<std::string>())) {
    input_error("{} has the unknown dtype {}", what, dtype.dump());
  }
  tensor.dtype = dtype.get<std::string>();
  if (!shape.is_array() || !std::all_of(shape.begin(), shape.end(), is_count)) {
    input_error("{} has the shape {}, not a list of counts", what, shape.dump());
  }
  for (const SortedJson& extent : shape) {
    if (extent.get<std::uint64_t>() > (1ull << 48)) {
      input_error("{} has the impossible extent {}", what, extent.get<std::uint64_t>());
    }
    tensor.shape.push_back(extent.get<std::int64_t>());
  }
  if (!offsets.is_array() || offsets.size() != 2 || !is_count(offsets[0]) ||
      !is_count(offsets[1])) {
    input_error("{} has the data_offsets {}, not two counts", what, offsets.dump());
  }
  *range = {offsets[0].get<std::uint64_t>(), offsets[1].get<std::uint64_t>(), name};
  if (range->begin > range->end || range->end > data.size()) {
    input_error("{} has the data_offsets [{}, {}], outside of the file's {} bytes of data", what,
                range->begin, range->end, data.size());
  }
  const std::uint64_t bytes =
      checked_bytes(what, tensor.shape, kDtypeBytes.at(tensor.dtype), data.size());
  if (range->end - range->begin != bytes) {
    input_error("{} of dtype {} and shape [{}] needs {} bytes but its data_offsets hold {}", what,
                tensor.dtype, fmt::join(tensor.shape, ", "), bytes, range->end - range->begin);
  }
  tensor.bytes = data.subspan(range->begin, bytes);
  return tensor;
}

void check_cover(const std::string& where, std::vector<Range> ranges, std::uint64_t size) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  std::uint64_t end = 0;
  for (const Range& range : ranges) {
    if (range.begin < end) {
      input_error("{}: tensor `{}` overlaps the one before it at byte {} of the data", where,
                  range.name, range.begin);
    }
    if (range.begin > end) {
      input_error("{}: a hole of {} bytes before tensor `{}`", where, range.begin - end,
                  range.name);
    }
    end = range.end;
  }
  if (end != size) {
    input_error("{}: {} bytes after the last tensor belong to none", where, size - end);
  }
}

}  // namespace

struct SafetensorsFile::State {
  explicit State(const std::filesystem::path& path) : mapping(path) {}
  Mapping mapping;
  std::map<std::string, StoredTensor> tensors;
  std::map<std::string, std::string> metadata;
};

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : state_(std::make_unique<State>(path)) {
  const std::string where = path.string();
  const Mapping& map = state_->mapping;
  std::uint64_t length = 0;
  if (map.size < sizeof length) {
    input_error("{}: {} bytes are too few for a safetensors file", where, map.size);
  }
  std::memcpy(&length, map.data, sizeof length);
  if (length > kMaxHeaderBytes || length > map.size - sizeof length) {
    input_error(
        "{}: the header claims {} bytes but the file has {}; it is truncated or not "
        "safetensors",
        where, length, map.size);
  }
  const char* begin = reinterpret_cast<const char*>(map.data) + sizeof length;
  const SortedJson header = parse_header(where, {begin, length});
  const std::span<const std::byte> data(map.data + sizeof length + length,
                                        map.size - sizeof length - length);
  std::vector<Range> ranges;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) input_error("{}: __metadata__ is not an object", where);
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) input_error("{}: metadata `{}` is not a string", where, key);
        state_->metadata[key] = value.get<std::string>();
      }
      continue;
    }
    state_->tensors[name] = read_entry(where, name, entry, data, &ranges.emplace_back());
  }
  check_cover(where, std::move(ranges), data.size());
}

SafetensorsFile::~SafetensorsFile() = default;
SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;
SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&&) noexcept = default;

const std::map<std::string, StoredTensor>& SafetensorsFile::tensors() const {
  return state_->tensors;
}
const std::map<std::string, std::string>& SafetensorsFile::metadata() const {
  return state_->metadata;
}

std::string safetensors_bytes(std::vector<TensorToStore> tensors,
                              const std::map<std::string, std::string>& metadata) {
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorToStore& a, const TensorToStore& b) { return a.name < b.name; });
  std::vector<SafetensorsWriter::Entry> entries;
  std::uint64_t size = 0;
  for (const TensorToStore& tensor : tensors) {
    entries.push_back({tensor.name, tensor.dtype, tensor.shape, tensor.bytes.size()});
    size += tensor.bytes.size();
  }
  std::string out = safetensors_header(entries, metadata);
  out.reserve(out.size() + size);
  for (const TensorToStore& tensor : tensors) {
    const auto* const bytes = reinterpret_cast<const char*>(tensor.bytes.data());
    for (std::size_t at = 0; at < tensor.bytes.size(); at += kBlock) {
      out.append(bytes + at, std::min(tensor.bytes.size() - at, kBlock));
      note_progress();
    }
  }
  return out;
}

}  // namespace arf
