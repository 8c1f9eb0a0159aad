// User Satisfaction Simulation (MWOZ, SGD, CCPE, ReDial, JDDC): role, text, action, ratings parted
// by tabs, a turn a line, and blank lines between sessions. USER is the user, SYSTEM the assistant.
// Ratings, 1 to 5, of several annotators stand at the user's turns, and at the session's end at a
// turn OVERALL, which is no turn: what they thought of the whole.
//
// An annotator rated how satisfied the user was before his sentence, by what had been said until
// then (README of the origin, "User satisfaction assessment"; the first turn of a session has a
// rating, too, of nothing). So a rating says what the assistant's turn before it earned. Where
// there is none (a session's beginning), or users' turns follow one another and the first of them
// has rated it, nobody earned the rating, and it is left out and counted.
#include "core/error.h"
#include "core/utf8.h"
#include "data_io/human_ratings.h"
#include "data_io/importers.h"
#include "data_io/input_file.h"

namespace arf {
namespace {

constexpr std::size_t kText = 1, kRatings = 3, kFields = 4;  // JDDC has an explanation as the 5th

// The lines of one session, one behind the other.
struct Session {
  std::string text;         // each line with a \n
  std::uint64_t first = 0;  // the number of its first line
};

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

bool next_session(LineReader* lines, Session* session) {
  std::string_view line;
  session->text.clear();
  while (lines->next(&line)) {
    if (is_blank(line)) {
      if (session->text.empty()) continue;
      return true;
    }
    if (session->text.empty()) session->first = lines->number();
    if (session->text.size() + line.size() > kLargestRecordBytes) {
      input_error(
          "{}:{}: the session that begins here has more than {} bytes; part sessions by "
          "blank lines",
          lines->file().name(), session->first, kLargestRecordBytes);
    }
    session->text.append(line) += '\n';
  }
  return !session->text.empty();
}

class SessionReader {
 public:
  SessionReader(const std::string& file, RatingsOf taken) : file_(file), taken_(taken) {}

  Dialogue read(const Session& session) {
    number_ = session.first;
    for (std::string_view rest = session.text; !rest.empty(); ++number_) {
      const std::size_t end = rest.find('\n');
      read_line(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    if (row_.turns.empty()) fail("the session has no turns but OVERALL");
    if (taken_ == RatingsOf::kDialogue && last_reply_ >= 0) {
      row_.turns[static_cast<std::size_t>(last_reply_)].satisfaction = overall_;
    }
    return std::move(row_);
  }
  // Ratings that no assistant's turn earned.
  std::uint64_t before_any() const { return before_any_; }
  std::uint64_t of_later_turns() const { return of_later_turns_; }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    input_error("{}:{}: {}; mend the line, or leave such sessions out with --import.on_error skip",
                file_, number_, why);
  }

  void read_line(std::string_view line) {
    if (is_over_) fail("a line behind the session's OVERALL; a blank line parts sessions");
    if (const std::size_t at = first_invalid_utf8(line); at != line.size()) {
      fail(fmt::format("is not UTF-8 at byte {} (0x{:02x})", at,
                       static_cast<unsigned char>(line[at])));
    }
    std::string_view fields[kFields + 1];
    std::size_t count = 0;
    for (std::string_view rest = line;; ++count) {
      const std::size_t tab = rest.find('\t');
      if (count <= kFields) fields[count] = rest.substr(0, tab);
      if (tab == std::string_view::npos) break;
      rest.remove_prefix(tab + 1);
    }
    ++count;
    if (count != kFields && count != kFields + 1) {
      fail(
          fmt::format("has {} fields where role, text, action and ratings are needed, parted by "
                      "tabs",
                      count));
    }
    add_turn(fields[0], fields[kText], fields[kRatings]);
  }

  void add_turn(std::string_view role, std::string_view text, std::string_view ratings) {
    if (role == "SYSTEM") {
      if (!ratings.empty()) fail("a SYSTEM line has ratings, which stand at the user's turns");
      last_reply_ = static_cast<std::int64_t>(row_.turns.size());
    } else if (role != "USER") {
      fail(fmt::format("role `{}` is neither USER nor SYSTEM", printable(role)));
    } else if (text == "OVERALL") {
      overall_ = shares_of(ratings);
      is_over_ = true;
      return;
    } else {
      rate_reply(shares_of(ratings));
    }
    if (is_blank(text)) fail("the turn has no text");
    row_.turns.push_back({role == "USER" ? TurnRole::kUser : TurnRole::kAssistant,
                          std::string(text),
                          std::nullopt,
                          {}});
  }

  // Of a user's turn that is about to follow.
  void rate_reply(const std::optional<Satisfaction>& satisfaction) {
    if (taken_ != RatingsOf::kTurn || !satisfaction) return;
    if (last_reply_ < 0) {
      ++before_any_;
    } else if (row_.turns.back().role == TurnRole::kUser) {
      ++of_later_turns_;
    } else {
      row_.turns.back().satisfaction = satisfaction;
    }
  }

  std::optional<Satisfaction> shares_of(std::string_view ratings) const {
    HumanRatings all;
    for (std::string_view rest = ratings; !rest.empty();) {
      const std::string_view word = rest.substr(0, rest.find(','));
      if (word.size() != 1 || word[0] < '1' || word[0] > '5' || rest.size() == 2) {
        fail(fmt::format("ratings `{}` are not numbers from 1 to 5 parted by commas",
                         printable(ratings)));
      }
      all.add(word[0] - '0');
      rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    return all.shares();
  }

  const std::string& file_;
  RatingsOf taken_;
  Dialogue row_;
  std::uint64_t number_ = 0, before_any_ = 0, of_later_turns_ = 0;
  std::int64_t last_reply_ = -1;  // its index among the turns
  std::optional<Satisfaction> overall_;
  bool is_over_ = false;
};

}  // namespace

void import_user_satisfaction(const std::filesystem::path& file, ImportSink& sink) {
  LineReader lines(file);
  Session session;
  while (!sink.full() && next_session(&lines, &session)) {
    sink.record(session.first, [&] {
      SessionReader reader(lines.file().name(), sink.ratings());
      sink.add(reader.read(session));
      sink.leave_out("ratings of a user's turn before any of the assistant's", reader.before_any());
      sink.leave_out("ratings of a user's turn right behind another", reader.of_later_turns());
    });
  }
}

}  // namespace arf
