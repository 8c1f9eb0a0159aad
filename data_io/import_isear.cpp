// ISEAR: a header and lines of 43 fields parted by |, without quoting. Field 37 is the emotion,
// field 41 the text, which may hold | itself: it reaches to the third-last field. Left-overs of
// the original export (á for a line break, stray \ and ") become spaces; non-answers are left out.
#include <algorithm>
#include <iterator>

#include "core/error.h"
#include "core/utf8.h"
#include "data_io/emotion3.h"
#include "data_io/importers.h"
#include "data_io/input_file.h"

namespace arf {
namespace {

constexpr std::size_t kEmotion = 36, kText = 40, kFieldsAfterText = 2, kFields = 43;

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto bar = line.find('|');
    fields.push_back(line.substr(0, bar));
    if (bar == std::string_view::npos) return fields;
    line.remove_prefix(bar + 1);
  }
}

std::string cleaned(std::string_view text) {
  std::string out;
  bool space = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool mark = text.substr(i, 2) == "\u00e1";
    if (mark || text[i] == ' ' || text[i] == '\t' || text[i] == '\\' || text[i] == '"') {
      space = true;
      i += mark;
      continue;
    }
    if (space && !out.empty()) out += ' ';
    space = false;
    out += text[i];
  }
  return out;
}

// Answers that tell of no event: whole ones without their last dot, and beginnings. Lower case.
constexpr std::string_view kNoAnswers[] = {"none",          "nothing",        "blank",
                                           "doesn't apply", "does not apply", "do not remember"};
constexpr std::string_view kNoAnswerBegins[] = {"[", "no response", "not applicable",
                                                "can't think of any", "the same as in"};

bool is_no_answer(std::string_view text) {  // "[" begins a remark of the interviewer
  std::string lower(text.substr(0, 40));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  for (const std::string_view begin : kNoAnswerBegins) {
    if (lower.starts_with(begin)) return true;
  }
  if (lower.ends_with('.')) lower.pop_back();
  return lower.empty() ||
         std::find(std::begin(kNoAnswers), std::end(kNoAnswers), lower) != std::end(kNoAnswers);
}

}  // namespace

void import_isear(const std::filesystem::path& file, ImportSink& sink) {
  LineReader lines(file);
  std::string_view line;
  if (!lines.next(&line)) return;
  const auto header = split(line);
  if (header.size() != kFields || header[kEmotion] != "Field1" || header[kText] != "SIT") {
    input_error("{}: is not ISEAR's header (43 fields, Field1 the 37th, SIT the 41st)",
                lines.place());
  }
  while (!sink.full() && lines.next(&line)) {
    if (line.empty()) continue;
    sink.record(lines.number(), [&] {
      const auto fields = split(line);
      if (fields.size() < kFields) {
        input_error("{}: has {} fields where at least {} are needed", lines.place(), fields.size(),
                    kFields);
      }
      const double level = emotion_level(EmotionSet::kIsear, fields[kEmotion]);
      if (level < 0)
        input_error("{}: `{}` is no emotion of ISEAR", lines.place(), printable(fields[kEmotion]));
      const char* begin = fields[kText].data();
      const std::string_view last = fields[fields.size() - kFieldsAfterText - 1];
      std::string text =
          cleaned({begin, static_cast<std::size_t>(last.data() + last.size() - begin)});
      if (is_no_answer(text)) return sink.leave_out("no answer was given");
      sink.add(labelled_text(std::move(text), satisfaction_of_level(level)));
    });
  }
}

}  // namespace arf
