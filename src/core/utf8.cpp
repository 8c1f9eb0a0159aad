#include "core/utf8.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

namespace arf {
namespace {

// Length of the valid sequence at `s`, or 0 (Unicode 15, table 3-7).
std::size_t sequence_length(const unsigned char* s, std::size_t left) {
  const unsigned char lead = s[0];
  if (lead < 0x80) return 1;
  const auto tail = [&](std::size_t i) { return (s[i] & 0xc0) == 0x80; };
  if (lead >= 0xc2 && lead <= 0xdf) return left >= 2 && tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (left < 3 || !tail(1) || !tail(2)) return 0;
    if (lead == 0xe0 && s[1] < 0xa0) return 0;
    return lead == 0xed && s[1] > 0x9f ? 0 : 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (left < 4 || !tail(1) || !tail(2) || !tail(3)) return 0;
    if (lead == 0xf0 && s[1] < 0x90) return 0;
    return lead == 0xf4 && s[1] > 0x8f ? 0 : 4;
  }
  return 0;
}

std::string escaped(std::string_view sequence) {
  const auto byte = static_cast<unsigned char>(sequence[0]);
  if (byte == '\n') return "\\n";
  if (byte == '\t') return "\\t";
  if (byte == '\r') return "\\r";
  if (byte < 0x20 || byte == 0x7f) return fmt::format("\\x{:02x}", byte);
  const auto second = sequence.size() > 1 ? static_cast<unsigned char>(sequence[1]) : 0;
  if (byte == 0xc2 && second < 0xa0) return fmt::format("\\u{:04x}", second);  // C1 controls
  if (sequence.size() == 3 && byte == 0xe2) {  // separators and marks that turn the direction
    const unsigned code = 0x2000u | (second & 0x3fu) << 6 | (sequence[2] & 0x3fu);
    const bool hidden = (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
                        (code >= 0x2060 && code <= 0x206f);
    if (hidden) return fmt::format("\\u{:04x}", code);
  }
  return std::string(sequence);
}

}  // namespace

std::size_t first_invalid_utf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t word;  // eight ASCII bytes at a time: most text is ASCII
    while (at + 8 <= text.size()) {
      std::memcpy(&word, bytes + at, 8);
      if (word & 0x8080808080808080ull) break;
      at += 8;
    }
    if (at >= text.size()) break;
    const std::size_t length = sequence_length(bytes + at, text.size() - at);
    if (length == 0) return at;
    at += length;
  }
  return at;
}

namespace {

// Calls on_part for each character, and for each byte that belongs to none (is_character false).
template <typename OnPart>
void for_each_part(std::string_view text, const OnPart& on_part) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(bytes + at, text.size() - at);
    const std::size_t step = std::max<std::size_t>(length, 1);
    if (!on_part(text.substr(at, step), /*is_character=*/length > 0)) return;
    at += step;
  }
}

std::string escaped_byte(std::string_view byte) {
  return fmt::format("\\x{:02x}", static_cast<unsigned char>(byte[0]));
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string out;
  std::size_t bytes = 0;
  for_each_part(text, [&](std::string_view part, bool is_character) {
    bytes += part.size();
    if (bytes > max_bytes) {
      out += "…";
      return false;
    }
    out += is_character ? escaped(part) : escaped_byte(part);
    return true;
  });
  return out;
}

std::string shortened(std::string_view text, std::size_t most_bytes) {
  if (text.size() <= most_bytes) return std::string(text);
  const auto is_inside = [&](std::size_t at) {  // a character
    return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  std::size_t begin = most_bytes / 4 * 3, end = text.size() - most_bytes / 4;
  for (int i = 0; i < 3 && begin > 0 && is_inside(begin); ++i) --begin;
  for (int i = 0; i < 3 && end < text.size() && is_inside(end); ++i) ++end;
  return std::string(text.substr(0, begin)) + "…" + std::string(text.substr(end));
}

std::string for_terminal(std::string_view text) {
  std::string out;
  for_each_part(text, [&](std::string_view part, bool is_character) {
    const bool as_it_is = is_character && (part == "\n" || part == "\t" || part.size() > 2);
    out += as_it_is ? std::string(part) : is_character ? escaped(part) : escaped_byte(part);
    return true;
  });
  return out;
}

}  // namespace arf
