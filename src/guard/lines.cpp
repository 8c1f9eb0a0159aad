#include "guard/lines.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "core/error.h"

namespace arf {

std::string state_line(const Sighting& seen) {
  std::string line = fmt::format("state {} {} {} {} {} {:d} {:d} {} {:d}", seen.steps,
                                 static_cast<int>(seen.phase), seen.roles, seen.iteration,
                                 seen.unit, seen.begun, seen.waits, seen.looks, seen.foreseen);
  for (const std::int64_t unit : seen.suspects) line += fmt::format(" {}", unit);
  return line;
}

std::optional<Sighting> read_state(const std::string& line) {
  std::istringstream in(line);
  std::string word;
  Sighting seen;
  int phase = 0, begun = 0, waits = 0, foreseen = 0;
  in >> word >> seen.steps >> phase >> seen.roles >> seen.iteration >> seen.unit >> begun >>
      waits >> seen.looks >> foreseen;
  if (!in || word != "state") return {};
  seen.phase = static_cast<Phase>(phase);
  seen.begun = begun != 0;
  seen.waits = waits != 0;
  seen.foreseen = foreseen != 0;
  for (std::int64_t unit = 0; in >> unit;) seen.suspects.insert(unit);
  if (!in.eof()) return {};
  return seen;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; std::getline(in, word, ' ');) words.push_back(word);
  return words;
}

HubAddress read_hub_address(const std::string& text) {
  const std::vector<std::string> words = words_of(text);
  ARF_CHECK(words.size() > 2, "no address of the hub in `{}`", text);
  return {static_cast<std::uint16_t>(number_of(words[0]).value_or(0)),
          words[1],
          {words.begin() + 2, words.end()}};
}

std::optional<int> number_of(const std::string& word) {
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size() || number < 0) return {};
  return number;
}

}  // namespace arf
