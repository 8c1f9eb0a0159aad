#include "scoring/feed_messages.h"

#include <algorithm>

#include "core/error.h"
#include "core/utf8.h"
#include "data_io/importers.h"
#include "data_io/json_view.h"
#include "data_io/row_check.h"
#include "records/prompts.h"
#include "text/unicode.h"

namespace arf {
namespace {

// Emoji and punctuation alone are [UNK] to most encoders' tokenizers.
bool has_word(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const CharacterClass kind = class_of(character.code);
    if (kind == CharacterClass::kLetter || kind == CharacterClass::kNumber) return true;
    at += character.length;
  }
  return false;
}

Satisfaction read_satisfaction(const JsonRef& message) {
  const auto parts = message.list_field("satisfaction");
  const bool are_numbers =
      std::all_of(parts.begin(), parts.end(), [](const JsonRef& p) { return p.is_number(); });
  Satisfaction score;
  if (parts.size() == 3 && are_numbers) {
    const auto part = [&](std::size_t i) { return static_cast<float>(parts[i].number()); };
    score = {part(0), part(1), part(2)};
  }
  if (!is_distribution(score)) {
    message.fail("field `satisfaction` is not [bad, neutral, good]: three numbers >= 0, sum 1");
  }
  return score;
}

// Said here, since importers name a key of theirs that helps.
void require_field(const JsonRef& object, const char* key) {
  if (!object.has(key)) object.fail(fmt::format("field `{}` is missing", key));
}

// The record's dialogue; a leading system message is no turn.
Dialogue read_dialogue(const JsonRef& record) {
  require_field(record, "messages");
  const std::vector<JsonRef> messages = record.list_field("messages");
  for (const JsonRef& message : messages) {
    const bool is_sharegpt = message.has("from");
    require_field(message, is_sharegpt ? "from" : "role");
    require_field(message, is_sharegpt ? "value" : "content");
  }
  Dialogue row;
  row.id = "feed";
  read_messages(messages, &row);
  const std::size_t first = messages.size() - row.turns.size();
  for (std::size_t i = 0; i < row.turns.size(); ++i) {
    Turn& turn = row.turns[i];
    if (turn.text.size() > kMostFeedTextBytes) {
      record.fail(fmt::format("a text has {} bytes; feedback has at most {}", turn.text.size(),
                              kMostFeedTextBytes));
    }
    if (!messages[first + i].has("satisfaction")) continue;
    if (turn.role != TurnRole::kAssistant) {
      record.fail("field `satisfaction` stands at a user's message; it belongs to the reply");
    }
    turn.satisfaction = read_satisfaction(messages[first + i]);
  }
  return row;
}

// The user's turn after turn i, which has to tell something.
std::string read_reaction(const JsonRef& record, const Turn& turn, bool reads_reactions) {
  if (!reads_reactions) {
    record.fail(
        "a reply has no `satisfaction`, and without --static_scorer.path nothing reads the "
        "user's reaction");
  }
  if (!has_word(turn.text)) {
    record.fail(
        fmt::format("the reaction `{}` has no word that a scorer could read; say the "
                    "reply's `satisfaction`",
                    printable(turn.text, 40)));
  }
  return turn.text;
}

void add_feedback(const JsonRef& record, bool reads_reactions, const std::string& place,
                  std::vector<Feedback>* all) {
  const std::size_t before = all->size();
  Dialogue row = read_dialogue(record);
  check_dialogue(row, [&] { return place; });
  const auto prompts = prompts_of(row);
  for (std::size_t i = 0; i < row.turns.size(); ++i) {
    const Turn& turn = row.turns[i];
    const bool is_answered = i + 1 < row.turns.size() && row.turns[i + 1].role == TurnRole::kUser;
    if (turn.role != TurnRole::kAssistant || (!turn.satisfaction && !is_answered)) continue;
    Feedback feedback{prompts[i] ? *prompts[i] : "", turn.text, "", turn.satisfaction};
    if (!turn.satisfaction) {
      feedback.reaction = read_reaction(record, row.turns[i + 1], reads_reactions);
    }
    all->push_back(std::move(feedback));
  }
  if (all->size() == before) {
    record.fail("no reply has a `satisfaction` or a user's message after it");
  }
}

}  // namespace

std::vector<Feedback> parse_feed(std::string_view bytes, const std::string& place,
                                 bool reads_reactions) {
  std::vector<Feedback> all;
  JsonDocument document;
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    const std::string_view line = bytes.substr(at, end - at);
    at = end + 1;
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = fmt::format("{}:{}", place, number);
    if (const std::size_t wrong = first_invalid_utf8(line); wrong != line.size()) {
      input_error("{}: is not UTF-8 at byte {} of the line", where, wrong);
    }
    document.parse(line, place, number);
    add_feedback(document.root(), reads_reactions, where, &all);
  }
  if (all.empty()) input_error("{}:1: the file is empty", place);
  return all;
}

}  // namespace arf
