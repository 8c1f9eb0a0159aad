#include "data_io/hdf5_columns.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "core/error.h"

namespace arf {
namespace {

constexpr std::uint64_t kNowhere = ~std::uint64_t{0};  // an address that is not set
constexpr std::uint64_t kSumBytes = 4;                 // Fletcher32, behind a chunk
constexpr int kMostObjects = 256, kDeepest = 4;        // a shard has 70 with nodes, three deep
constexpr int kMostMessages = 64;                      // of an object's header; a dataset has 7
constexpr std::uint32_t kShuffle = 2, kDeflate = 1, kFletcher32 = 3;

enum Message : std::uint16_t {
  kSpace = 1,
  kType = 3,
  kFill = 5,
  kLayout = 8,
  kFilters = 11,
  kContinuation = 16,
  kSymbolTable = 17
};

// Bytes of the image, whose every access is checked.
class Bytes {
 public:
  Bytes(std::string_view all, const std::string& what) : all_(all), what_(what) {}

  std::string_view at(std::uint64_t begin, std::uint64_t size) const {
    if (begin > all_.size() || size > all_.size() - begin) fail("a part of it lies outside");
    return all_.substr(begin, size);
  }
  template <typename Number>
  Number number(std::uint64_t begin) const {
    Number value;
    std::memcpy(&value, at(begin, sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view text(std::uint64_t begin) const {  // up to its NUL
    const std::string_view rest =
        at(begin, all_.size() - std::min<std::uint64_t>(begin, all_.size()));
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos) fail("a name has no end");
    return rest.substr(0, end);
  }
  Bytes part(std::uint64_t begin, std::uint64_t size) const { return {at(begin, size), what_}; }
  std::uint64_t size() const { return all_.size(); }

  void require(bool holds, const char* why) const {
    if (!holds) fail(why);
  }
  [[noreturn]] void fail(const std::string& why) const {
    input_error("{}: is not an HDF5 file as arf writes them, or is damaged ({}); make it again",
                what_, why);
  }

 private:
  std::string_view all_;
  const std::string& what_;
};

using Messages = std::map<std::uint16_t, Bytes>;  // the first of each kind

// Of an object's header, version 1: its first block, then those that continue it.
Messages messages_of(const Bytes& image, std::uint64_t header) {
  image.require(image.number<std::uint8_t>(header) == 1, "an object's header");
  int left = image.number<std::uint16_t>(header + 2);
  image.require(left <= kMostMessages, "an object's header");
  std::vector<std::pair<std::uint64_t, std::uint64_t>> blocks{
      {header + 16, image.number<std::uint32_t>(header + 8)}};
  Messages messages;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Bytes block = image.part(blocks[i].first, blocks[i].second);
    for (std::uint64_t at = 0; left > 0 && at < block.size(); --left) {
      const auto kind = block.number<std::uint16_t>(at), size = block.number<std::uint16_t>(at + 2);
      const Bytes message = block.part(at + 8, size);
      block.require((block.number<std::uint8_t>(at + 4) & 2) == 0, "a message that is shared");
      if (kind == kContinuation) {
        blocks.emplace_back(message.number<std::uint64_t>(0), message.number<std::uint64_t>(8));
      }
      messages.emplace(kind, message);
      at += 8 + size;
    }
  }
  return messages;
}

// A node of a B-tree, version 1: an entry is a key and the address of a child.
struct Node {
  int level = 0, entries = 0;
  std::uint64_t first = 0, entry_bytes = 0, key_bytes = 0;
  std::uint64_t key(int i) const { return first + static_cast<std::uint64_t>(i) * entry_bytes; }
};

// Levels go down by one, so that no tree is endless.
Node node_at(const Bytes& image, std::uint64_t at, int type, std::uint64_t key_bytes,
             std::optional<int> level) {
  image.require(image.at(at, 4) == "TREE" && image.number<std::uint8_t>(at + 4) == type,
                "a node of a tree");
  const Node node{image.number<std::uint8_t>(at + 5), image.number<std::uint16_t>(at + 6), at + 24,
                  key_bytes + 8, key_bytes};
  image.require(node.entries > 0 && (!level || node.level == *level), "the form of a tree");
  return node;
}

class Reader {
 public:
  Reader(std::string_view image, const std::string& what) : image_(image, what), what_(what) {}

  std::map<std::string, Hdf5Column> read() {
    using namespace std::string_view_literals;
    if (!image_.at(0, std::min<std::uint64_t>(8, image_.size()))
             .starts_with("\x89HDF\r\n\x1a\n"sv)) {
      input_error("{}: is not an HDF5 file, or is damaged; make it again", what_);
    }
    image_.require(
        image_.at(8, 8) == "\0\0\0\0\0\x08\x08\0"sv && image_.number<std::uint64_t>(24) == 0,
        "another version of the format");
    read_object(image_.number<std::uint64_t>(64), "", 0);
    return std::move(columns_);
  }

 private:
  void read_object(std::uint64_t header, const std::string& name, int depth) {
    image_.require(++objects_ <= kMostObjects && depth <= kDeepest, "more parts than a shard has");
    const Messages messages = messages_of(image_, header);
    const auto group = messages.find(kSymbolTable);
    if (group == messages.end()) {
      columns_.emplace(name, column(messages, name));
      return;
    }
    const Bytes& table = group->second;
    const auto heap = table.number<std::uint64_t>(8);
    image_.require(image_.at(heap, 4) == "HEAP", "the names of a group");
    const Bytes names = image_.part(image_.number<std::uint64_t>(heap + 24),
                                    image_.number<std::uint64_t>(heap + 8));
    const auto tree = table.number<std::uint64_t>(0);
    if (tree != kNowhere) read_links(tree, {}, names, name, depth);
  }

  void read_links(std::uint64_t at, std::optional<int> level, const Bytes& names,
                  const std::string& group, int depth) {
    const Node node = node_at(image_, at, 0, 8, level);
    for (int i = 0; i < node.entries; ++i) {
      const auto child = image_.number<std::uint64_t>(node.key(i) + node.key_bytes);
      if (node.level > 0) {
        image_.require(++objects_ <= kMostObjects, "more parts than a shard has");
        read_links(child, node.level - 1, names, group, depth);
      } else {
        read_leaf(child, names, group, depth);
      }
    }
  }

  void read_leaf(std::uint64_t at, const Bytes& names, const std::string& group, int depth) {
    constexpr std::uint64_t kLinkBytes = 40;
    image_.require(image_.at(at, 4) == "SNOD", "the links of a group");
    image_.require(++objects_ <= kMostObjects, "more parts than a shard has");
    const int links = image_.number<std::uint16_t>(at + 6);
    for (int i = 0; i < links; ++i) {
      const std::uint64_t link = at + 8 + static_cast<std::uint64_t>(i) * kLinkBytes;
      const std::string name(names.text(image_.number<std::uint64_t>(link)));
      read_object(image_.number<std::uint64_t>(link + 8), group.empty() ? name : group + "/" + name,
                  depth + 1);
    }
  }

  const Bytes& message(const Messages& messages, Message kind, const std::string& name) const {
    const auto found = messages.find(kind);
    if (found == messages.end()) image_.fail("dataset `" + name + "` lacks a part of its header");
    return found->second;
  }

  Hdf5Column column(const Messages& messages, const std::string& name) {
    Hdf5Column column;
    read_type(message(messages, kType, name), &column);
    read_shape(message(messages, kSpace, name), &column);
    if (column.type == Hdf5Type::kOther || column.shape[0] == 0) return column;
    const Bytes& layout = message(messages, kLayout, name);
    const std::uint64_t rank = column.shape.size();
    image_.require(layout.number<std::uint8_t>(0) == 3 && layout.number<std::uint8_t>(1) == 2 &&
                       layout.number<std::uint8_t>(2) == rank + 1,
                   "a dataset that is not chunked");
    read_filters(message(messages, kFilters, name), &column);
    column.chunk_rows = layout.number<std::uint32_t>(11);
    image_.require(rank == 1 || layout.number<std::uint32_t>(15) == column.shape[1],
                   "a chunk that is not of whole rows");
    const std::uint64_t chunk_bytes = column.chunk_rows * row_bytes(column);
    image_.require(chunk_bytes > 0 && chunk_bytes <= kMostChunkBytes, "the size of a chunk");
    const auto tree = layout.number<std::uint64_t>(3);
    if (tree == kNowhere) {
      read_fill(message(messages, kFill, name), name, &column);
    } else {
      read_chunks(tree, {}, &column);
      if (column.chunks.size() != (column.shape[0] - 1) / column.chunk_rows + 1) {
        refuse_claim(name, column);
      }
    }
    return column;
  }

  static std::uint64_t row_bytes(const Hdf5Column& column) {
    return column.element_bytes * (column.shape.size() == 2 ? column.shape[1] : 1);
  }

  [[noreturn]] void refuse_claim(const std::string& name, const Hdf5Column& column) const {
    input_error("{}: dataset `{}` claims {} rows, more than it can hold; make it again", what_,
                name, column.shape[0]);
  }

  static void read_type(const Bytes& type, Hdf5Column* column) {
    using namespace std::string_view_literals;
    // Class and version, its bits, bytes of an element; first bit, number of bits, parts of a
    // float.
    static constexpr std::array kTypes{
        std::pair{Hdf5Type::kU8, "\x10\0\0\0\x01\0\0\0\0\0\x08\0"sv},
        std::pair{Hdf5Type::kU32, "\x10\0\0\0\x04\0\0\0\0\0\x20\0"sv},
        std::pair{Hdf5Type::kU64, "\x10\0\0\0\x08\0\0\0\0\0\x40\0"sv},
        std::pair{Hdf5Type::kF32, "\x11\x20\x1f\0\x04\0\0\0\0\0\x20\0\x17\x08\0\x17\x7f\0\0\0"sv}};
    column->element_bytes = type.number<std::uint32_t>(4);
    for (const auto& [kind, bytes] : kTypes) {
      if (type.at(0, std::min<std::uint64_t>(bytes.size(), type.size())) == bytes)
        column->type = kind;
    }
  }

  static void read_shape(const Bytes& space, Hdf5Column* column) {
    const int rank = space.number<std::uint8_t>(1);
    space.require(space.number<std::uint8_t>(0) == 1 && (rank == 1 || rank == 2),
                  "the shape of a dataset");
    for (int i = 0; i < rank; ++i) {
      column->shape.push_back(space.number<std::uint64_t>(8 + 8 * static_cast<std::uint64_t>(i)));
    }
    space.require(rank == 1 || (column->shape[1] > 0 && column->shape[1] <= kMostChunkBytes),
                  "the shape of a dataset");
  }

  // Shuffle where an element is wider than a byte, deflate or not, Fletcher32.
  void read_filters(const Bytes& filters, Hdf5Column* column) const {
    const int count = filters.number<std::uint8_t>(1);
    image_.require(filters.number<std::uint8_t>(0) == 1, "the filters of a dataset");
    std::vector<std::uint32_t> kinds, wanted;
    std::uint64_t at = 8;
    for (int i = 0; i < count; ++i) {
      kinds.push_back(filters.number<std::uint16_t>(at));
      const std::uint64_t name = (filters.number<std::uint16_t>(at + 2) + 7u) / 8 * 8,
                          values = (filters.number<std::uint16_t>(at + 6) + 1u) / 2 * 2;
      at += 8 + name + 4 * values;
    }
    column->is_compressed = kinds.size() > 1 && kinds[kinds.size() - 2] == kDeflate;
    if (column->element_bytes > 1) wanted.push_back(kShuffle);
    if (column->is_compressed) wanted.push_back(kDeflate);
    wanted.push_back(kFletcher32);
    image_.require(kinds == wanted, "the filters of a dataset");
  }

  void read_fill(const Bytes& fill, const std::string& name, Hdf5Column* column) {
    if (column->shape[0] > filled_left_ / row_bytes(*column)) refuse_claim(name, *column);
    filled_left_ -= column->shape[0] * row_bytes(*column);
    image_.require(fill.number<std::uint8_t>(0) == 2 && fill.number<std::uint8_t>(3) == 1,
                   "a dataset without chunks and value");
    const auto size = fill.number<std::uint32_t>(4);
    image_.require(size == 0 || size == column->element_bytes, "the value of a dataset");
    column->fill = fill.at(8, size);
  }

  // Every chunk is there, in order; so none is found twice, whatever the tree's nodes share.
  void read_chunks(std::uint64_t at, std::optional<int> level, Hdf5Column* column) {
    const std::uint64_t rank = column->shape.size();
    const Node node = node_at(image_, at, 1, 8 * (rank + 2), level);
    for (int i = 0; i < node.entries; ++i) {
      const std::uint64_t key = node.key(i);
      const auto child = image_.number<std::uint64_t>(key + node.key_bytes);
      if (node.level > 0) {
        read_chunks(child, node.level - 1, column);
        continue;
      }
      const auto size = image_.number<std::uint32_t>(key);
      image_.require(
          image_.number<std::uint64_t>(key + 8) == column->chunks.size() * column->chunk_rows,
          "the order of chunks");
      image_.require(size > kSumBytes && size <= stored_left() &&
                         column->chunk_rows * row_bytes(*column) <= size * kLargestRatio,
                     "the size of a chunk");
      stored_ += size;
      column->chunks.push_back({image_.at(child, size), image_.number<std::uint32_t>(key + 4)});
    }
  }

  std::uint64_t stored_left() const { return image_.size() - stored_; }

  Bytes image_;
  const std::string& what_;
  std::map<std::string, Hdf5Column> columns_;
  int objects_ = 0;
  std::uint64_t filled_left_ = kMostFilledBytes, stored_ = 0;  // bytes
};

}  // namespace

std::map<std::string, Hdf5Column> hdf5_columns(std::string_view image, const std::string& what) {
  return Reader(image, what).read();
}

}  // namespace arf
