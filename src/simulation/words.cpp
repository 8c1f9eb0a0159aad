#include "simulation/words.h"

#include <cctype>

namespace arf {
namespace {

bool is_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string plain_words(std::string_view text) {
  std::string plain = " ";
  for (const char c : text) {
    if (c == '\'') continue;
    if (is_letter(c)) {
      plain += lower(c);
    } else if (plain.back() != ' ') {
      plain += ' ';
    }
  }
  if (plain.back() != ' ') plain += ' ';
  return plain;
}

std::vector<std::string> split_words(std::string_view text) {
  const std::string plain = plain_words(text);
  std::vector<std::string> words;
  std::size_t begin = 1;
  while (begin < plain.size()) {
    const std::size_t end = plain.find(' ', begin);
    words.push_back(plain.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::vector<std::string> split_sentences(std::string_view text) {
  std::vector<std::string> sentences;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(".!?");
    sentences.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return sentences;
}

int count_cues(const std::string& plain, std::span<const char* const> cues) {
  int count = 0;
  for (const std::string_view cue : cues) {
    // `plain` begins and ends with a space, so that a hit has a neighbour on either side.
    std::size_t at = plain.find(cue);
    while (at != std::string::npos && (plain[at - 1] != ' ' || plain[at + cue.size()] != ' ')) {
      at = plain.find(cue, at + 1);
    }
    count += at != std::string::npos;
  }
  return count;
}

std::string fill(std::string text, std::string_view slot, std::string_view value) {
  for (std::size_t at = text.find(slot); at != std::string::npos;
       at = text.find(slot, at + value.size())) {
    text.replace(at, slot.size(), value);
  }
  return text;
}

}  // namespace arf
