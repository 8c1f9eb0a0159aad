#include "data_io/importers.h"

#include <algorithm>

#include "core/error.h"
#include "core/hash.h"
#include "core/log.h"
#include "data_io/row_check.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSkipsShown = 5, kProgressRecords = 1024;

const ImportFormat kFormats[] = {
    {"messages", "chat", "OpenAI's messages, a dialogue a line", import_messages},
    {"alpaca", "alpaca", "instruction, input, output", import_alpaca},
    {"preference", "preference", "prompt, chosen, rejected", import_preference},
    {"gsm8k", "gsm8k", "question, answer; the <<...>> marks are taken out", import_gsm8k},
    {"strategyqa", "strategyqa", "question; yes or no, then the facts", import_strategyqa},
    {"topical_chat", "topical_chat", "agent_1 is the user, agent_2 the assistant",
     import_topical_chat, "none|turn"},
    {"cnn_dailymail", "cnn_dailymail", "article, highlights", import_cnn_dailymail},
    {"dailydialog", "dailydialog", "dialogues with the emotion file beside them",
     import_dailydialog},
    {"goemotions", "emotion3", "text, labels, id; labels.txt beside it", import_goemotions},
    {"isear", "emotion3", "reports with an emotion", import_isear},
    {"sentiment140", "emotion3", "tweets with a polarity", import_sentiment140},
    {"sharegpt", "chat", "ShareGPT's conversations of from, value", import_sharegpt},
    {"user_satisfaction", "user_satisfaction", "dialogues whose turns annotators rated from 1 to 5",
     import_user_satisfaction, "turn|dialogue|none"},
    {"convai2", "convai2", "people's chats with bots, rated at their end", import_convai2,
     "dialogue|turn|none"},
    {"hh_rlhf", "preference", "chosen, rejected as Human: and Assistant: transcripts",
     import_hh_rlhf},
};

const ImportFormat& format_named(const std::string& name) {
  std::vector<std::string> names;
  for (const ImportFormat& format : kFormats) {
    if (name == format.name) return format;
    names.push_back(format.name);
  }
  usage_error("--import.format is `{}`; it takes one of {}", name, fmt::join(names, ", "));
}

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  while (!list.empty()) {
    words.emplace_back(list.substr(0, list.find('|')));
    list.remove_prefix(std::min(words.back().size() + 1, list.size()));
  }
  return words;
}

RatingsOf ratings_of(const ImportSettings& settings) {
  const std::vector<std::string> taken = words_of(format_named(settings.format).ratings);
  std::string name = settings.ratings;
  if (name == "auto") name = taken.empty() ? "none" : taken[0];
  if (name == "none") return RatingsOf::kNone;
  if (std::find(taken.begin(), taken.end(), name) == taken.end()) {
    usage_error("--import.ratings is `{}`, which {} has not; it takes {}", name, settings.format,
                taken.empty() ? "none" : fmt::format("one of {}", fmt::join(taken, ", ")));
  }
  return name == "turn" ? RatingsOf::kTurn : RatingsOf::kDialogue;
}

void append_normalised(std::string* out, const std::string& text) {
  bool space = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      space = true;
      continue;
    }
    if (space && !out->empty()) *out += ' ';
    space = false;
    *out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  *out += '\n';
}

}  // namespace

std::span<const ImportFormat> import_formats() { return kFormats; }

bool is_test_row(const Dialogue& row, double test_share) {
  const auto replies = std::count_if(row.turns.begin(), row.turns.end(), [](const Turn& turn) {
    return turn.role == TurnRole::kAssistant;
  });
  std::string text;
  for (const Turn& turn : row.turns) {
    if (replies > 1 || turn.role == TurnRole::kUser) append_normalised(&text, turn.text);
  }
  return static_cast<double>(xxh3(text) >> 11) * 0x1p-53 < test_share;
}

ImportSink::ImportSink(const ImportSettings& settings, TakeRow take,
                       std::function<void(std::uint64_t)> progress)
    : settings_(settings),
      ratings_(ratings_of(settings)),
      take_(std::move(take)),
      progress_(std::move(progress)) {
  task_ = settings.task.empty() ? format_named(settings.format).task : settings.task;
  if (settings.task.empty() && settings.format == "dailydialog" && settings.utterances)
    task_ = "emotion3";
}

void ImportSink::begin_file(const fs::path& file) {
  file_ = file;
  file_name_ = file.filename().string();
}

bool ImportSink::full() const {
  return settings_.limit > 0 && rows_ >= static_cast<std::uint64_t>(settings_.limit);
}

void ImportSink::record_with(std::uint64_t line, const std::function<void()>& read) {
  line_ = line;
  row_of_record_ = 0;
  ++records_;
  if (progress_ && records_ % kProgressRecords == 0) progress_(rows_);
  pending_.clear();
  try {
    read();
  } catch (const Error& error) {
    if (settings_.on_error != "skip" || error.code() != ExitCode::kInput) throw;
    if (++skipped_ <= kSkipsShown) log_warning("skipped: {}", error.what());
    return;
  }
  for (Dialogue& row : pending_) take_(std::move(row));
  rows_ += pending_.size();
}

void ImportSink::add(Dialogue&& row) {
  const std::uint64_t rows = rows_ + pending_.size();
  if (settings_.limit > 0 && rows >= static_cast<std::uint64_t>(settings_.limit)) return;
  const std::uint32_t number = row_of_record_++;
  row.id = settings_.format + '-' + std::to_string(records_);
  if (number > 0 || settings_.utterances) row.id += '-' + std::to_string(number);
  row.source = settings_.format;
  row.task = task_;
  row.provenance.file = file_name_;
  row.provenance.row = line_;
  if (settings_.split != "all" &&
      is_test_row(row, settings_.test_share) != (settings_.split == "test")) {
    ++other_split_;
    return;
  }
  check_dialogue(row, [&] { return fmt::format("{}:{}", file_.string(), line_); });
  pending_.push_back(std::move(row));
}

void ImportSink::leave_out(const std::string& reason, std::uint64_t times) {
  if (times > 0) left_out_[reason] += times;
}

void check_input_file(const std::string& name) {
  std::error_code error;
  const fs::file_status status = fs::status(name, error);
  if (status.type() == fs::file_type::not_found) input_error("{}: there is no such file", name);
  if (error) input_error("{}: cannot be read: {}", name, error.message());
  if (fs::is_directory(status)) input_error("{}: is a directory where a file is needed", name);
  if (!fs::is_regular_file(status)) {
    input_error(
        "{}: is no regular file, and its SHA-256, which is kept, takes a second reading; "
        "write it to a file first",
        name);
  }
}

ImportSink read_files(const ImportSettings& settings, const TakeRow& take,
                      const std::function<void(std::uint64_t)>& progress, Json* inputs) {
  const ImportFormat& format = format_named(settings.format);
  ImportSink sink(settings, take, progress);
  for (const std::string& name : settings.input) {
    check_input_file(name);
    const fs::path file(name);
    sink.begin_file(file);
    format.read(file, sink);
    inputs->push_back({{"file", file.filename().string()}, {"sha256", sha256_of_file(file)}});
    if (sink.full()) break;
  }
  return sink;
}

ImportSink import_files(const ImportSettings& settings, CorpusWriter* writer,
                        const std::function<void(std::uint64_t)>& progress) {
  if (settings.input.empty()) usage_error("--import.input names no file");
  if (settings.limit < 0)
    usage_error("--import.limit is {}; it takes 0 (all rows) or more", settings.limit);
  if (!(settings.test_share > 0 && settings.test_share < 1)) {
    usage_error("--import.test_share is {}; it takes a share between 0 and 1", settings.test_share);
  }
  if (settings.utterances && settings.format != "dailydialog") {
    usage_error("--import.utterances is for dailydialog, not for {}", settings.format);
  }
  if (settings.single_label && settings.format != "goemotions") {
    usage_error("--import.single_label is for goemotions, not for {}", settings.format);
  }
  Json inputs = Json::array();
  const ImportSink sink = read_files(
      settings, [&](Dialogue&& row) { writer->add_checked(row); }, progress, &inputs);
  writer->note("format", settings.format);
  writer->note("inputs", inputs);
  writer->note("records", sink.records());
  writer->note("left_out", Json(sink.left_out()));
  writer->note("skipped", sink.skipped());
  if (*format_named(settings.format).ratings) {
    const char* const kNames[] = {"none", "turn", "dialogue"};
    writer->note("ratings", kNames[static_cast<int>(sink.ratings())]);
  }
  if (settings.split != "all") {
    writer->note("split", {{"name", settings.split}, {"test_share", settings.test_share}});
  }
  return sink;
}

}  // namespace arf
