#include "text/byte_alphabet.h"

#include <array>

#include "text/unicode.h"

namespace arf {
namespace {

bool stands_for_itself(int byte) {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

struct Alphabet {
  std::array<char32_t, 256> letters{};
  std::array<std::int16_t, 0x144> bytes{};  // by letter; -1: no letter
  std::array<unsigned char, 256> by_rank{};

  Alphabet() {
    bytes.fill(-1);
    char32_t spare = 0x100;
    for (int byte = 0; byte < 256; ++byte) {
      const char32_t letter = stands_for_itself(byte) ? static_cast<char32_t>(byte) : spare++;
      letters[static_cast<std::size_t>(byte)] = letter;
      bytes[letter] = static_cast<std::int16_t>(byte);
    }
    std::size_t rank = 0;
    for (const std::int16_t byte : bytes) {
      if (byte >= 0) by_rank[rank++] = static_cast<unsigned char>(byte);
    }
  }
};

const Alphabet& alphabet() {
  static const Alphabet only;
  return only;
}

}  // namespace

std::string spell_bytes(std::string_view bytes) {
  std::string spelling;
  for (const char byte : bytes)
    append_utf8(alphabet().letters[static_cast<unsigned char>(byte)], &spelling);
  return spelling;
}

std::optional<std::string> read_spelling(std::string_view spelling) {
  std::string bytes;
  for (std::size_t at = 0; at < spelling.size();) {
    const Character letter = character_at(spelling, at);
    if (letter.code >= alphabet().bytes.size() || alphabet().bytes[letter.code] < 0) return {};
    bytes.push_back(static_cast<char>(alphabet().bytes[letter.code]));
    at += letter.length;
  }
  return bytes;
}

unsigned char byte_of_rank(int index) {
  return alphabet().by_rank[static_cast<std::size_t>(index)];
}

}  // namespace arf
