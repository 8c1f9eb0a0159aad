#include "data_io/recipe.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

#include "core/error.h"
#include "core/utf8.h"

namespace arf {
namespace {

constexpr std::size_t kLongestName = 64;

struct KeyValue {
  std::string key, value, place;

  [[noreturn]] void refuse(const char* wanted) const {
    usage_error("{}: {} is `{}`; it takes {}", place, key, printable(value), wanted);
  }
  void only_for(const std::string& format, const RecipeLine& line) const {
    if (line.import.format == format) return;
    usage_error("{}: {} is for {}, not for {}", place, key, format, line.import.format);
  }
};

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kLongestName &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
             std::string::npos;
}

void require_format(const std::string& format, const std::string& place) {
  std::vector<std::string> names;
  for (const ImportFormat& known : import_formats()) {
    if (format == known.name) return;
    names.emplace_back(known.name);
  }
  usage_error("{}: `{}` is no format; a source's second word is one of {}", place,
              printable(format), fmt::join(names, ", "));
}

void set_part(const KeyValue& pair, RecipeLine* line) {
  if (pair.value == "split") return;
  const auto at = std::find(std::begin(kPartNames), std::end(kPartNames), pair.value);
  if (at == std::end(kPartNames)) pair.refuse("train, validation, test or split");
  line->part = static_cast<SplitPart>(at - std::begin(kPartNames));
}

void set_limit(const KeyValue& pair, RecipeLine* line) {
  const char* end = pair.value.data() + pair.value.size();
  const auto [last, error] = std::from_chars(pair.value.data(), end, line->limit);
  if (error != std::errc() || last != end || line->limit == 0)
    pair.refuse("a number of rows from 1; without it all are taken");
}

void set_labels(const KeyValue& pair, RecipeLine* line) {
  pair.only_for("goemotions", *line);
  if (pair.value != "single" && pair.value != "one_class") pair.refuse("single or one_class");
  line->import.single_label = pair.value == "single";
}

void set_utterances(const KeyValue& pair, RecipeLine* line) {
  pair.only_for("dailydialog", *line);
  if (pair.value != "true" && pair.value != "false") pair.refuse("true or false");
  line->import.utterances = pair.value == "true";
}

void set_on_error(const KeyValue& pair, RecipeLine* line) {
  if (pair.value != "stop" && pair.value != "skip") pair.refuse("stop or skip");
  line->import.on_error = pair.value;
}

void set_ratings(const KeyValue& pair, RecipeLine* line) {
  const auto format =
      std::find_if(import_formats().begin(), import_formats().end(),
                   [&](const ImportFormat& known) { return line->import.format == known.name; });
  const std::string taken = fmt::format("|{}|none|", format->ratings);  // "none" is there twice
  if (pair.value.find('|') != std::string::npos ||
      taken.find("|" + pair.value + "|") == std::string::npos) {
    usage_error("{}: ratings is `{}`; {} takes {}", pair.place, printable(pair.value),
                line->import.format, *format->ratings ? format->ratings : "none");
  }
  line->import.ratings = pair.value;
}

struct LineKey {
  const char* name;
  void (*set)(const KeyValue&, RecipeLine*);
};
constexpr LineKey kKeys[] = {
    {"part", set_part},       {"limit", set_limit},           {"labels", set_labels},
    {"ratings", set_ratings}, {"utterances", set_utterances}, {"on_error", set_on_error}};

void set_key(const KeyValue& pair, RecipeLine* line) {
  std::vector<std::string> names;
  for (const LineKey& key : kKeys) {
    if (pair.key == key.name) return key.set(pair, line);
    names.emplace_back(key.name);
  }
  usage_error("{}: `{}` is no key of a source; it takes {}", pair.place, printable(pair.key),
              fmt::join(names, ", "));
}

}  // namespace

const char* const kRecipeLineHelp =
    "A recipe, in place of import.format and import.input: corpora train, validation and test\n"
    "      from several sources, each a line NAME FORMAT FILE... [KEY=VALUE]...; the lines of one\n"
    "      NAME are one source. Texts are cleaned, and none is taken twice. KEYs:\n"
    "        part=train|validation|test|split   split, the default: by a hash of the text, class "
    "by\n"
    "            class; a part that another line of the source names is not cut off from it\n"
    "        limit=ROWS   drawn by a hash of the text, the classes in proportion\n"
    "        on_error=stop|skip   what a record that cannot be read does\n"
    "        utterances=true|false   dailydialog: a row for every utterance\n"
    "        ratings=none|turn|dialogue   as import.ratings, whose auto is the default\n"
    "        labels=single|one_class   goemotions: without comments of several labels, or only\n"
    "            without those of several classes (the default)";

RecipeLine parse_recipe_line(const std::string& text, const std::string& place,
                             const std::string& root) {
  std::istringstream words(text);
  RecipeLine line;
  line.place = place;
  words >> line.name >> line.import.format;
  if (!is_name(line.name)) {
    usage_error("{}: `{}` is no name of a source: letters, digits and _, at most {}", place,
                printable(line.name), kLongestName);
  }
  require_format(line.import.format, place);
  std::set<std::string> given;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      line.import.input.push_back((std::filesystem::path(root) / word).string());
      continue;
    }
    const KeyValue pair{word.substr(0, equals), word.substr(equals + 1), place};
    set_key(pair, &line);
    if (!given.insert(pair.key).second)
      usage_error("{}: {} is given twice for `{}`; keep one", place, pair.key, line.name);
  }
  if (line.import.input.empty()) {
    usage_error("{}: source `{}` names no file; a source is NAME FORMAT FILE... [KEY=VALUE]...",
                place, line.name);
  }
  return line;
}

void check_recipe_files(const Recipe& recipe) {
  for (const RecipeLine& line : recipe.lines) {
    for (const std::string& file : line.import.input) {
      try {
        check_input_file(file);
      } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{}: {}; --import.root names the folder that a "
                                              "recipe's files are below",
                                              line.place, error.what()));
      }
    }
  }
}

}  // namespace arf
