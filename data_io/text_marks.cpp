#include "data_io/text_marks.h"

#include <algorithm>

namespace arf {
namespace {

constexpr std::size_t kLongestName = 30;  // of a user; Twitter's have 15, Reddit's 20

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

bool begins_with(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), text.begin(),
                    [](char wanted, char c) { return lower(c) == wanted; });
}

// Bytes of a link that begins here; 0: none. Marks at its end belong to the sentence around it.
std::size_t link_size(std::string_view text) {
  for (const std::string_view begin : {"http://", "https://", "www."}) {
    if (!begins_with(text, begin)) continue;
    const std::string_view link = text.substr(0, text.find_first_of(" <>\""));
    const std::size_t last = link.find_last_not_of(".,;:!?)]'");
    return last < begin.size() ? 0 : last + 1;
  }
  return 0;
}

// Bytes of a user's name at the start of `text`; 0: none. "@11:30" is a time, so a letter is asked
// for.
std::size_t name_size(std::string_view text, std::string_view more = "") {
  const auto end = std::find_if_not(text.begin(), text.end(), [&](char c) {
    return is_word(c) || more.find(c) != std::string_view::npos;
  });
  const auto size = static_cast<std::size_t>(end - text.begin());
  const bool is_name = size <= kLongestName && std::any_of(text.begin(), end, is_letter);
  return is_name ? size : 0;
}

// Bytes of "domain.tld" at the start of `text`; 0: none.
std::size_t domain_size(std::string_view text) {
  std::size_t size = name_size(text, ".-");
  while (size > 0 && (text[size - 1] == '.' || text[size - 1] == '-')) --size;
  const std::string_view domain = text.substr(0, size);
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || size - dot < 3) return 0;
  return domain.find("..") == std::string_view::npos ? size : 0;
}

void drop_last_name(std::string* out) {
  const auto part_of_address = [](char c) {
    return is_word(c) || c == '.' || c == '-' || c == '+';
  };
  while (!out->empty() && part_of_address(out->back())) out->pop_back();
}

}  // namespace

std::string without_links(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = i == 0 || !is_word(text[i - 1]) ? link_size(text.substr(i)) : 0;
    if (size > 0)
      out += kLinkMark;
    else
      out += text[i];
    i += std::max<std::size_t>(size, 1);
  }
  return out;
}

std::string without_user_names(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool in_word = i > 0 && is_word(text[i - 1]);
    const std::string_view rest = text.substr(i);
    std::size_t size = 0;
    if (rest[0] == '@' && !in_word) {
      if ((size = name_size(rest.substr(1)))) size += 1;
    } else if (rest[0] == '@') {
      if ((size = domain_size(rest.substr(1)))) {
        size += 1;
        drop_last_name(&out);
      }
    } else if (rest.starts_with("u/") && !in_word && (i == 0 || text[i - 1] != '.')) {
      if ((size = name_size(rest.substr(2), "-"))) size += 2;
      if (size > 0 && !out.empty() && out.back() == '/') out.pop_back();
    }
    if (size > 0)
      out += kUserMark;
    else
      out += rest[0];
    i += std::max<std::size_t>(size, 1);
  }
  return out;
}

bool says_something(std::string_view cleaned) {
  while (!cleaned.empty()) {
    const std::size_t end = std::min(cleaned.find(' '), cleaned.size());
    const std::string_view word = cleaned.substr(0, end);
    if (!word.empty() && word != kLinkMark && word != kUserMark) return true;
    cleaned.remove_prefix(std::min(end + 1, cleaned.size()));
  }
  return false;
}

}  // namespace arf
