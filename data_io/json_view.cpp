#include "data_io/json_view.h"

#include <charconv>
#include <limits>

#include "core/error.h"
#include "core/utf8.h"
#include "data_io/json_scan.h"

namespace arf {
namespace {

constexpr int kDeepest = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

unsigned hex_value(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) {
    value = value * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

void push_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

// `text` has passed JsonDocument::string, so every escape is whole.
std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t slash = std::min(text.find('\\', at), text.size());
    out += text.substr(at, slash - at);
    if (slash == text.size()) break;
    const char kind = text[slash + 1];
    at = slash + 2;
    static constexpr std::string_view kNames = "bfnrt", kValues = "\b\f\n\r\t";
    if (kind == 'u') {
      unsigned code = hex_value(text.substr(at, 4));
      at += 4;
      if (code >= 0xd800 && code < 0xdc00) {
        code = 0x10000 + ((code - 0xd800) << 10) + (hex_value(text.substr(at + 2, 4)) - 0xdc00);
        at += 6;
      }
      push_utf8(out, code);
    } else {
      const std::size_t named = kNames.find(kind);
      out += named == std::string_view::npos ? kind : kValues[named];
    }
  }
  return out;
}

}  // namespace

void JsonDocument::fail(const char* why) const {
  input_error("{}: is not valid JSON: {} at byte {} of the record", place(), why, at_);
}

std::string JsonDocument::place() const { return fmt::format("{}:{}", file_, line_); }

void JsonDocument::parse(std::string_view text, const std::string& file, std::uint64_t line) {
  nodes_.clear();
  text_ = text;
  at_ = 0;
  file_ = file;
  line_ = line;
  value(0);
  space();
  if (at_ != text_.size()) fail("more text after the value");
}

void JsonDocument::space() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

void JsonDocument::value(int depth) {
  if (depth > kDeepest) fail("nesting too deep");
  space();
  if (at_ == text_.size()) fail("the text ends where a value is needed");
  const auto node = static_cast<std::uint32_t>(nodes_.size());
  nodes_.emplace_back();
  const char c = text_[at_];
  if (c == '{' || c == '[') return members(node, c == '{', depth);
  if (c == '"') {
    bool escaped = false;
    nodes_[node].text = string(&escaped);
    nodes_[node].escaped = escaped;
    nodes_[node].kind = Kind::kText;
  } else if (c == 't') {
    word("true", Kind::kTrue);
  } else if (c == 'f') {
    word("false", Kind::kFalse);
  } else if (c == 'n') {
    word("null", Kind::kNull);
  } else {
    const std::size_t start = at_;
    number();
    nodes_[node].text = text_.substr(start, at_ - start);
    nodes_[node].kind = Kind::kNumber;
  }
}

void JsonDocument::members(std::uint32_t node, bool object, int depth) {
  nodes_[node].kind = object ? Kind::kObject : Kind::kList;
  const char end = object ? '}' : ']';
  ++at_;
  space();
  if (at_ < text_.size() && text_[at_] == end) {
    ++at_;
    return;
  }
  std::uint32_t last = 0;
  for (;;) {
    std::string_view key;
    if (object) {
      space();
      if (at_ == text_.size() || text_[at_] != '"') fail("a key in quotes is needed");
      bool escaped = false;
      key = string(&escaped);
      space();
      if (at_ == text_.size() || text_[at_] != ':') fail("a colon is needed");
      ++at_;
    }
    const auto child = static_cast<std::uint32_t>(nodes_.size());
    (last == 0 ? nodes_[node].first : nodes_[last].next) = child;
    last = child;
    value(depth + 1);
    nodes_[child].key = key;
    space();
    if (at_ == text_.size()) fail("the text ends inside a list or object");
    const char c = text_[at_++];
    if (c == end) return;
    if (c != ',') {
      --at_;
      fail("a comma is needed");
    }
  }
}

std::string_view JsonDocument::string(bool* escaped) {
  const std::size_t start = ++at_;
  for (;;) {
    at_ = end_of_plain(text_, at_);
    if (at_ == text_.size()) fail("the text ends inside a string");
    if (text_[at_] == '"') return text_.substr(start, at_++ - start);
    if (text_[at_] != '\\') fail("a control character must be escaped");
    *escaped = true;
    escape();
  }
}

void JsonDocument::escape() {
  ++at_;
  if (at_ == text_.size()) fail("the text ends inside a string");
  const char kind = text_[at_++];
  if (kind != 'u') {
    if (std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos) fail("unknown escape");
    return;
  }
  const unsigned code = hex4();
  if (code >= 0xdc00 && code < 0xe000) fail("a lone surrogate");
  if (code < 0xd800 || code >= 0xdc00) return;
  if (text_.substr(at_, 2) != "\\u") fail("a lone surrogate");
  at_ += 2;
  const unsigned low = hex4();
  if (low < 0xdc00 || low >= 0xe000) fail("a lone surrogate");
}

unsigned JsonDocument::hex4() {
  const std::string_view digits = text_.substr(at_, 4);
  if (digits.size() < 4 ||
      digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
    fail("\\u needs four hexadecimal digits");
  }
  at_ += 4;
  return hex_value(digits);
}

void JsonDocument::number() {
  const auto digits = [&] {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ == start) fail("a value is needed");
  };
  const auto here = [&](const char* set) {
    return at_ < text_.size() && std::string_view(set).find(text_[at_]) != std::string_view::npos;
  };
  if (here("-")) ++at_;
  if (here("0"))
    ++at_;
  else
    digits();
  if (here(".")) {
    ++at_;
    digits();
  }
  if (here("eE")) {
    ++at_;
    if (here("+-")) ++at_;
    digits();
  }
}

void JsonDocument::word(const char* word, Kind kind) {
  const std::string_view wanted(word);
  if (text_.substr(at_, wanted.size()) != wanted) fail("a value is needed");
  at_ += wanted.size();
  nodes_.back().kind = kind;
}

bool JsonRef::is_object() const {
  return document_->nodes_[node_].kind == JsonDocument::Kind::kObject;
}
bool JsonRef::is_list() const { return document_->nodes_[node_].kind == JsonDocument::Kind::kList; }
bool JsonRef::is_text() const { return document_->nodes_[node_].kind == JsonDocument::Kind::kText; }
bool JsonRef::is_null() const { return document_->nodes_[node_].kind == JsonDocument::Kind::kNull; }
bool JsonRef::is_number() const {
  return document_->nodes_[node_].kind == JsonDocument::Kind::kNumber;
}

void JsonRef::fail(const std::string& what) const {
  input_error("{}: {}", document_->place(), what);
}

std::int64_t JsonRef::find(std::string_view key) const {
  if (!is_object()) fail(fmt::format("an object with field `{}` is needed", key));
  for (auto child = document_->nodes_[node_].first; child; child = document_->nodes_[child].next) {
    if (document_->nodes_[child].key == key) return child;
  }
  return -1;
}

bool JsonRef::has(std::string_view key) const {
  const std::int64_t child = find(key);
  return child >= 0 && !JsonRef(document_, static_cast<std::uint32_t>(child)).is_null();
}

JsonRef JsonRef::field(std::string_view key) const {
  const std::int64_t child = find(key);
  if (child < 0)
    fail(fmt::format(
        "field `{}` is missing; add it, or leave such records out with --import.on_error skip",
        key));
  return {document_, static_cast<std::uint32_t>(child)};
}

std::string JsonRef::text_field(std::string_view key) const {
  const JsonRef value = field(key);
  if (!value.is_text()) fail(fmt::format("field `{}` is not a text", key));
  return value.text();
}

bool JsonRef::flag_field(std::string_view key) const {
  const auto kind = document_->nodes_[field(key).node_].kind;
  if (kind != JsonDocument::Kind::kTrue && kind != JsonDocument::Kind::kFalse) {
    fail(fmt::format("field `{}` is not true or false", key));
  }
  return kind == JsonDocument::Kind::kTrue;
}

int JsonRef::whole_field(std::string_view key, int least, int most) const {
  const auto& node = document_->nodes_[field(key).node_];
  double value = least - 1;  // what is no number, or beyond a double, stays out of the range
  if (node.kind == JsonDocument::Kind::kNumber) {
    std::from_chars(node.text.data(), node.text.data() + node.text.size(), value);
  }
  if (value < least || value > most || value != static_cast<int>(value)) {
    fail(fmt::format("field `{}` is {} where a whole number from {} to {} is needed", key,
                     node.kind == JsonDocument::Kind::kNumber ? printable(node.text) : "no number",
                     least, most));
  }
  return static_cast<int>(value);
}

std::vector<JsonRef> JsonRef::list_field(std::string_view key) const {
  const JsonRef value = field(key);
  if (!value.is_list()) fail(fmt::format("field `{}` is not a list", key));
  return value.items();
}

std::string JsonRef::text() const {
  if (!is_text()) fail("a text is needed");
  const auto& node = document_->nodes_[node_];
  return node.escaped ? unescaped(node.text) : std::string(node.text);
}

double JsonRef::number() const {
  if (!is_number()) fail("a number is needed");
  const std::string_view text = document_->nodes_[node_].text;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return std::numeric_limits<double>::infinity();
  return value;
}

std::vector<JsonRef> JsonRef::items() const {
  std::vector<JsonRef> all;
  for (auto child = document_->nodes_[node_].first; child; child = document_->nodes_[child].next) {
    all.emplace_back(document_, child);
  }
  return all;
}

}  // namespace arf
