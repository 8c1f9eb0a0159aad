// JSON read in place, several times faster than building a tree of values: the importers' parser.
// Strict (RFC 8259): no comments, no trailing commas, no control characters or lone surrogates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace arf {

class JsonDocument;

// A value inside a JsonDocument, valid as long as it and its text. Errors are input_errors that
// begin with the document's place and name the field.
class JsonRef {
 public:
  JsonRef(const JsonDocument* document, std::uint32_t node) : document_(document), node_(node) {}
  bool is_object() const;
  bool is_list() const;
  bool is_text() const;
  bool is_null() const;
  bool is_number() const;
  bool has(std::string_view key) const;       // an object's key; false for null values
  JsonRef field(std::string_view key) const;  // "field `key` is missing"
  std::string text_field(std::string_view key) const;
  bool flag_field(std::string_view key) const;
  int whole_field(std::string_view key, int least, int most) const;  // 3 and 3.0 are whole
  std::vector<JsonRef> list_field(std::string_view key) const;
  std::string text() const;                               // unescaped
  double number() const;                                  // infinite where it is too large for one
  std::vector<JsonRef> items() const;                     // of a list
  [[noreturn]] void fail(const std::string& what) const;  // "PLACE: what"

 private:
  std::int64_t find(std::string_view key) const;
  const JsonDocument* document_;
  std::uint32_t node_;
};

class JsonDocument {
 public:
  // `text`, of line `line` of `file`, must outlive the document's values; UTF-8 is checked on the
  // row. Memory is reused from call to call.
  void parse(std::string_view text, const std::string& file, std::uint64_t line);
  JsonRef root() const { return {this, 0}; }

 private:
  friend class JsonRef;
  enum class Kind : std::uint8_t { kNull, kTrue, kFalse, kNumber, kText, kList, kObject };
  struct Node {
    Kind kind = Kind::kNull;
    bool escaped = false;
    std::uint32_t first = 0, next = 0;  // first child, next sibling; 0: none
    std::string_view key, text;         // key: unescaped if it needs none; text without quotes
  };
  void value(int depth);
  void members(std::uint32_t node, bool object, int depth);
  std::string_view string(bool* escaped);
  void escape();
  unsigned hex4();
  void number();
  void word(const char* word, Kind kind);
  void space();
  std::string place() const;  // "FILE:LINE"
  [[noreturn]] void fail(const char* why) const;

  std::vector<Node> nodes_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::string file_;
  std::uint64_t line_ = 0;
};

}  // namespace arf
