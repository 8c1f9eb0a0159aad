#include "data_io/html_entities.h"

#include <charconv>
#include <cstdint>

namespace arf {
namespace {

struct Named {
  std::string_view name, text;
};
constexpr Named kNamed[] = {{"amp", "&"},   {"lt", "<"},   {"gt", ">"},
                            {"quot", "\""}, {"apos", "'"}, {"nbsp", "\u00a0"}};
constexpr std::size_t kLongest = 10;  // of what stands between & and ;

// As UTF-8; "" for what is no character: a control character other than those of a line, a
// surrogate, a number beyond Unicode.
std::string utf8_of(std::uint32_t code) {
  if ((code < 0x20 && code != '\t' && code != '\n' && code != '\r') || code == 0x7f) return "";
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return "";
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

// Of what stands between & and ; or "".
std::string meaning_of(std::string_view name) {
  for (const Named& named : kNamed) {
    if (name == named.name) return std::string(named.text);
  }
  if (name.size() < 2 || name[0] != '#') return "";
  const bool is_hex = name[1] == 'x' || name[1] == 'X';
  name.remove_prefix(is_hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), code, is_hex ? 16 : 10);
  return error == std::errc() && end == name.data() + name.size() ? utf8_of(code) : "";
}

}  // namespace

std::string decode_entities(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t mark = text.find('&');
    out += text.substr(0, mark);
    if (mark == std::string_view::npos) return out;
    text.remove_prefix(mark);
    const std::size_t end = text.substr(0, kLongest + 2).find(';');
    const std::string meaning =
        end == std::string_view::npos ? "" : meaning_of(text.substr(1, end - 1));
    out += meaning.empty() ? "&" : meaning;
    text.remove_prefix(meaning.empty() ? 1 : end + 1);
  }
}

}  // namespace arf
