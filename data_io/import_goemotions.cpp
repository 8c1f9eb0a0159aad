// GoEmotions: text, label numbers, comment id, parted by tabs; the names of the labels stand in
// labels.txt beside it. A comment with several labels is kept where all are of one class, and, with
// single_label(), not even then.
#include <charconv>

#include "core/error.h"
#include "core/utf8.h"
#include "data_io/emotion3.h"
#include "data_io/importers.h"
#include "data_io/input_file.h"

namespace arf {
namespace {

std::vector<Satisfaction> read_classes(const std::filesystem::path& path) {
  LineReader lines(path);
  std::vector<Satisfaction> classes;
  std::string_view name;
  while (lines.next(&name)) {
    if (name.empty()) continue;
    const double level = emotion_level(EmotionSet::kGoEmotions, name);
    if (level < 0)
      input_error("{}: `{}` is no emotion of GoEmotions", lines.place(), printable(name));
    classes.push_back(satisfaction_of_level(level));
  }
  return classes;
}

// Nothing where the labels are of several classes.
std::optional<Satisfaction> class_of(std::string_view labels,
                                     const std::vector<Satisfaction>& classes,
                                     const LineReader& lines) {
  std::optional<Satisfaction> found;
  bool mixed = false;
  do {
    const std::string_view word = labels.substr(0, labels.find(','));
    labels.remove_prefix(std::min(word.size() + 1, labels.size()));
    std::size_t number = 0;
    const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (code != std::errc() || end != word.data() + word.size() || number >= classes.size()) {
      input_error("{}: label `{}` is no number from 0 to {}", lines.place(), printable(word),
                  classes.size() - 1);
    }
    mixed = mixed || (found && *found != classes[number]);
    found = classes[number];
  } while (!labels.empty());
  return mixed ? std::nullopt : found;
}

}  // namespace

void import_goemotions(const std::filesystem::path& file, ImportSink& sink) {
  const std::vector<Satisfaction> classes = read_classes(companion(file, "labels.txt"));
  LineReader lines(file);
  std::string_view line;
  while (!sink.full() && lines.next(&line)) {
    if (line.empty()) continue;
    sink.record(lines.number(), [&] {
      const auto first = line.find('\t');
      const auto second = first == std::string_view::npos ? first : line.find('\t', first + 1);
      if (second == std::string_view::npos ||
          line.find('\t', second + 1) != std::string_view::npos) {
        input_error("{}: is not text, labels and id parted by two tabs", lines.place());
      }
      const std::string_view labels = line.substr(first + 1, second - first - 1);
      const auto found = class_of(labels, classes, lines);
      if (sink.single_label() && labels.find(',') != std::string_view::npos)
        return sink.leave_out("several labels");
      if (!found) return sink.leave_out("labels of several classes");
      sink.add(labelled_text(std::string(line.substr(0, first)), *found));
    });
  }
}

}  // namespace arf
