// The importers: public data sets into rows. One file a format (import_<format>.cpp), one table.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "data_io/corpus.h"

namespace arf {

struct ImportSettings {
  std::string format;              // a name of import_formats()
  std::vector<std::string> input;  // files, read in this order
  std::string on_error = "stop";   // stop | skip: records that cannot be read
  std::int64_t limit = 0;          // rows to import; 0: all
  std::string task;                // in place of the format's own; "": keep that
  std::string split = "all";       // all | train | test
  double test_share = 0.1;         // share of the texts that are test
  bool utterances = false;         // dailydialog: a labelled row for every utterance
  std::string ratings = "auto";    // auto | none | turn | dialogue: human ratings that are taken
  bool single_label = false;       // goemotions: leave out what has several labels
};

// Whose human ratings become what an assistant's turn earned: nobody's, those of each turn, or
// those of the whole dialogue, which its last assistant's turn gets.
enum class RatingsOf { kNone, kTurn, kDialogue };

using TakeRow = std::function<void(Dialogue&&)>;  // of a row that has passed check_dialogue

// What an importer hands its rows to.
class ImportSink {
 public:
  ImportSink(const ImportSettings& settings, TakeRow take,
             std::function<void(std::uint64_t rows)> progress = {});

  void begin_file(const std::filesystem::path& file);
  // Reads one record, which begins at `line`: `read` gives the sink its rows through add(). An
  // input_error inside is rethrown or, with on_error skip, counted, and none of the record's rows
  // is written; so nothing that would spoil the rest of the file may happen in it.
  template <typename Read>
  void record(std::uint64_t line, const Read& read) {
    record_with(line, std::cref(read));  // a copy of it would be allocated for each record
  }
  // Inside of record(): completes id, source, task and provenance of a row; written at its end, if
  // its split is asked for.
  void add(Dialogue&& row);
  // By a rule of the format; counted and reported.
  void leave_out(const std::string& reason, std::uint64_t times = 1);
  bool full() const;  // the limit is reached: stop reading

  bool utterances() const { return settings_.utterances; }
  RatingsOf ratings() const { return ratings_; }
  bool single_label() const { return settings_.single_label; }
  std::uint64_t records() const { return records_; }
  std::uint64_t skipped() const { return skipped_; }
  std::uint64_t other_split() const { return other_split_; }
  const std::map<std::string, std::uint64_t>& left_out() const { return left_out_; }

 private:
  void record_with(std::uint64_t line, const std::function<void()>& read);

  ImportSettings settings_;
  std::string task_;
  RatingsOf ratings_;
  TakeRow take_;
  std::function<void(std::uint64_t)> progress_;
  std::filesystem::path file_;
  std::string file_name_;  // without its folder
  std::uint64_t line_ = 0, rows_ = 0, records_ = 0, skipped_ = 0, other_split_ = 0;
  std::uint32_t row_of_record_ = 0;
  std::vector<Dialogue> pending_;  // rows of the record that is being read
  std::map<std::string, std::uint64_t> left_out_;
};

struct ImportFormat {
  const char* name;
  const char* task;
  const char* summary;
  void (*read)(const std::filesystem::path& file, ImportSink& sink);
  const char* ratings = "";  // those it has of none|turn|dialogue, auto's first
};
std::span<const ImportFormat> import_formats();

// Reads all files of `settings` into `writer`, notes where the rows came from, and leaves finish()
// to the caller. usage_error: an unknown format or setting; input_error: whatever a file holds.
ImportSink import_files(const ImportSettings& settings, CorpusWriter* writer,
                        const std::function<void(std::uint64_t rows)>& progress = {});

// The same for rows that go elsewhere. inputs: {file, sha256} of each file that was read.
ImportSink read_files(const ImportSettings& settings, const TakeRow& take,
                      const std::function<void(std::uint64_t rows)>& progress, Json* inputs);
// input_error where an input is no regular file that is there.
void check_input_file(const std::string& name);

// Whether a row is in the test split: by the hash of its normalised text (lower case, spaces
// joined), which is the prompt of a row with at most one reply and every turn of a longer one. So
// a text falls on one side, whatever file it is found in.
bool is_test_row(const Dialogue& row, double test_share);

// Pieces that several importers share.
Dialogue labelled_text(std::string text, const Satisfaction& satisfaction);
Dialogue prompt_and_reply(std::string prompt, std::string reply);
class JsonRef;
// The role of OpenAI's {role, content} or ShareGPT's {from, value}, as it stands there.
std::string role_of(const JsonRef& message);
// Such messages as turns; content may be a list of text parts. Takes a leading system message into
// row->system. ShareGPT's assistants also have the names of the pages they were copied from.
void read_messages(const std::vector<JsonRef>& messages, Dialogue* row);
// All records of a file of JSON lines or of one JSON list.
void read_json_records(const std::filesystem::path& file, ImportSink& sink,
                       const std::function<void(const JsonRef&)>& read);
// "dir/NAME" or "dir/NAME.gz", beside `file`; input_error where neither is there.
std::filesystem::path companion(const std::filesystem::path& file, const std::string& name);

void import_messages(const std::filesystem::path& file, ImportSink& sink);
void import_alpaca(const std::filesystem::path& file, ImportSink& sink);
void import_preference(const std::filesystem::path& file, ImportSink& sink);
void import_gsm8k(const std::filesystem::path& file, ImportSink& sink);
void import_strategyqa(const std::filesystem::path& file, ImportSink& sink);
void import_topical_chat(const std::filesystem::path& file, ImportSink& sink);
void import_cnn_dailymail(const std::filesystem::path& file, ImportSink& sink);
void import_dailydialog(const std::filesystem::path& file, ImportSink& sink);
void import_goemotions(const std::filesystem::path& file, ImportSink& sink);
void import_isear(const std::filesystem::path& file, ImportSink& sink);
void import_sentiment140(const std::filesystem::path& file, ImportSink& sink);
void import_sharegpt(const std::filesystem::path& file, ImportSink& sink);
void import_user_satisfaction(const std::filesystem::path& file, ImportSink& sink);
void import_convai2(const std::filesystem::path& file, ImportSink& sink);
void import_hh_rlhf(const std::filesystem::path& file, ImportSink& sink);

}  // namespace arf
