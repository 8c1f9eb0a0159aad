#include "data_io/json_records.h"

#include <algorithm>

#include "core/error.h"
#include "core/utf8.h"
#include "data_io/json_scan.h"

namespace arf {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

JsonRecords::JsonRecords(const std::filesystem::path& path, Shape shape) : file_(path) {
  if (available(2) && buffer_.compare(0, 3, "\xef\xbb\xbf") == 0) at_ = 3;
  const char begin = peek("");
  if (shape == Shape::kMembers) {
    if (begin != '{') fail("the file is not one JSON object");
    mode_ = Mode::kMembers;
    advance_to(at_ + 1);
  } else if (begin == '[') {
    mode_ = Mode::kList;
    advance_to(at_ + 1);
  }
}

void JsonRecords::fail(const std::string& why) const {
  input_error("{}:{}: {}; check that the file is whole and of this format", file_.name(), line_,
              why);
}

bool JsonRecords::available(std::size_t position) {
  while (position >= buffer_.size()) {
    if (buffer_.size() - at_ > kLargestRecordBytes) {
      fail(fmt::format("the record has more than {} bytes", kLargestRecordBytes));
    }
    if (!file_.append_block(&buffer_)) return false;
  }
  return true;
}

void JsonRecords::drop_consumed() {
  if (at_ < (1u << 20) && at_ < buffer_.size()) return;
  buffer_.erase(0, at_);
  at_ = 0;
}

void JsonRecords::advance_to(std::size_t position) {
  const std::string_view passed = std::string_view(buffer_).substr(at_, position - at_);
  for (std::size_t at = 0; (at = passed.find('\n', at)) != std::string_view::npos; ++at) ++line_;
  at_ = position;
}

char JsonRecords::peek(const char* wanted) {
  while (available(at_)) {
    const char c = buffer_[at_];
    if (!is_space(c)) return c;
    line_ += c == '\n';
    ++at_;
    drop_consumed();
  }
  if (*wanted) fail(fmt::format("the file ends where {} is needed", wanted));
  return 0;
}

std::size_t JsonRecords::string_end(std::size_t quote) {
  std::size_t at = quote + 1;
  for (;;) {
    at = end_of_plain(buffer_, at);
    if (!available(at)) fail("the file ends inside the string of a record that begins here");
    if (buffer_[at] == '"') return at + 1;
    at += buffer_[at] == '\\' ? 2 : 1;  // past the end: the next round reads on
  }
}

std::size_t JsonRecords::value_end(std::size_t at) {
  std::string open;  // closing brackets that are due
  for (;;) {
    if (!available(at)) {
      if (open.empty()) return at;
      fail("the file ends inside a record that begins here");
    }
    const char c = buffer_[at];
    if (c == '"') {
      at = string_end(at);
      if (open.empty()) return at;
      continue;
    }
    if (open.empty() && (c == ',' || c == ']' || c == '}' || is_space(c))) return at;
    if (c == '{' || c == '[') open += c == '{' ? '}' : ']';
    if (c == '}' || c == ']') {
      if (open.back() != c)
        fail(fmt::format("the record that begins here has `{}` for `{}`", c, open.back()));
      open.pop_back();
      if (open.empty()) return at + 1;
    }
    ++at;
  }
}

void JsonRecords::close(char end) {
  advance_to(at_ + 1);
  if (peek("") != 0) fail(fmt::format("more text after the closing `{}`", end));
  done_ = true;
}

bool JsonRecords::next_line(JsonRecord* record) {
  drop_consumed();
  if (peek("") == 0) return false;  // blank lines are passed over
  std::size_t end = at_;
  for (;;) {
    end = std::min(buffer_.find('\n', end), buffer_.size());
    if (end < buffer_.size() || !available(end)) break;
  }
  *record = {std::string_view(buffer_).substr(at_, end - at_), {}, line_};
  advance_to(end);
  return true;
}

bool JsonRecords::next(JsonRecord* record) {
  if (done_) return false;
  if (mode_ == Mode::kLines) return next_line(record);
  const char end = mode_ == Mode::kList ? ']' : '}';
  drop_consumed();
  char c = peek("a closing bracket");
  if (c == end) {
    close(end);
    return false;
  }
  if (!first_) {
    if (c != ',') fail(fmt::format("`{}` where a comma is needed", printable({&c, 1})));
    advance_to(at_ + 1);
    c = peek("a record");
  }
  first_ = false;
  drop_consumed();
  std::size_t start = at_, key_end = at_;
  if (mode_ == Mode::kMembers) {
    if (c != '"') fail("a key in quotes is needed");
    start = key_end = string_end(at_);
    while (available(start) && is_space(buffer_[start])) ++start;
    if (!available(start) || buffer_[start] != ':') fail("a colon is needed after the key");
    ++start;
    while (available(start) && is_space(buffer_[start])) ++start;
  }
  const std::size_t stop = value_end(start);
  const std::string_view all(buffer_);
  if (stop == start) fail("a record is needed");
  *record = {all.substr(start, stop - start), {}, line_};
  if (mode_ == Mode::kMembers) record->key = all.substr(at_ + 1, key_end - at_ - 2);
  advance_to(stop);
  return true;
}

}  // namespace arf
