// DailyDialog: a dialogue a line, its utterances ended by __eou__, and a second file beside it
// with an emotion number for each. The first speaker is the user, then they alternate.
//
// An emotion is what its own utterance expresses. So a dialogue has it on the user's turns only:
// on an assistant's turn satisfaction means what the turn earned. With utterances() each utterance
// of either speaker is a labelled text of its own (Emotion3).
#include "core/error.h"
#include "core/utf8.h"
#include "data_io/emotion3.h"
#include "data_io/importers.h"
#include "data_io/input_file.h"

namespace arf {
namespace {

constexpr std::string_view kEnd = "__eou__";
constexpr const char* kEmotions[] = {"none",      "anger",   "disgust", "fear",
                                     "happiness", "sadness", "surprise"};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> utterances_of(std::string_view line) {
  std::vector<std::string> all;
  line = trimmed(line);  // so that what is left is empty, or more than blanks
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(kEnd), line.size());
    const std::string_view text = trimmed(line.substr(0, end));
    line.remove_prefix(std::min(end + kEnd.size(), line.size()));
    if (!text.empty() || !line.empty()) all.emplace_back(text);
  }
  return all;
}

std::vector<Satisfaction> emotions_of(std::string_view line, const LineReader& labels) {
  std::vector<Satisfaction> all;
  for (line = trimmed(line); !line.empty(); line = trimmed(line)) {
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    if (word.size() != 1 || word[0] < '0' || word[0] > '6') {
      input_error("{}: emotion `{}` is no number from 0 to 6", labels.place(), printable(word));
    }
    all.push_back(
        satisfaction_of_level(emotion_level(EmotionSet::kDailyDialog, kEmotions[word[0] - '0'])));
  }
  return all;
}

void add_rows(std::vector<std::string> texts, const std::vector<Satisfaction>& emotions,
              ImportSink& sink) {
  Dialogue row;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (sink.utterances()) {
      sink.add(labelled_text(std::move(texts[i]), emotions[i]));
    } else if (i % 2 == 0) {
      row.turns.push_back({TurnRole::kUser, std::move(texts[i]), emotions[i], {}});
    } else {
      row.turns.push_back({TurnRole::kAssistant, std::move(texts[i]), std::nullopt, {}});
    }
  }
  if (!sink.utterances()) sink.add(std::move(row));
}

}  // namespace

void import_dailydialog(const std::filesystem::path& file, ImportSink& sink) {
  LineReader lines(file), labels(companion(file, "dialogues_emotion.txt"));
  std::string_view line, label;
  while (!sink.full() && lines.next(&line)) {
    if (!labels.next(&label))
      input_error("{}: the emotion file beside it ends before this line", lines.place());
    if (trimmed(line).empty() && trimmed(label).empty()) continue;
    sink.record(lines.number(), [&] {
      std::vector<std::string> texts = utterances_of(line);
      const std::vector<Satisfaction> emotions = emotions_of(label, labels);
      if (texts.empty() || texts.size() != emotions.size()) {
        input_error(
            "{}: has {} utterances and {} emotions; mend the line, or --import.on_error skip",
            lines.place(), texts.size(), emotions.size());
      }
      add_rows(std::move(texts), emotions, sink);
    });
  }
  if (!sink.full() && labels.next(&label) && !trimmed(label).empty()) {
    input_error("{}: a line of emotions without a dialogue in {}", labels.place(),
                lines.file().name());
  }
}

}  // namespace arf
