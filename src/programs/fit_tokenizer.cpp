// arf fit-tokenizer: a byte-level BPE trained on the texts of corpora.
#include <cstdio>

#include "config/options.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/corpus.h"
#include "data_io/partial_folder.h"
#include "programs/commands.h"
#include "text/tokenizer.h"

namespace arf {
namespace {

struct Settings {
  RunSettings run;
  std::vector<std::string> corpora;
  std::int64_t vocabulary = 4096;
};

void add_row(const Dialogue& row, TokenizerTrainer* trainer, std::uint64_t* bytes) {
  const auto add = [&](const std::string& text) {
    trainer->add(text);
    *bytes += text.size();
  };
  add(row.system);
  for (const Turn& turn : row.turns) add(turn.text);
  if (row.rejected) add(*row.rejected);
}

// Rows and bytes of all corpora; memory: a shard and the distinct words.
std::pair<std::uint64_t, std::uint64_t> add_corpora(const std::vector<std::string>& paths,
                                                    TokenizerTrainer* trainer) {
  std::vector<CorpusReader> corpora;  // all are opened before the first is read
  std::uint64_t total = 0, done = 0, bytes = 0;
  for (const std::string& path : paths) total += corpora.emplace_back(path).rows();
  Progress progress("fit-tokenizer", total, "rows");
  for (const CorpusReader& corpus : corpora) {
    corpus.for_each([&](std::uint64_t, const Dialogue& row) {
      add_row(row, trainer, &bytes);
      progress.advance(++done);
    });
  }
  return {total, bytes};
}

void print_result(const Settings& settings, const Tokenizer& tokenizer, std::uint64_t rows,
                  std::uint64_t bytes) {
  const std::string digest = sha256_hex(tokenizer.json());
  if (settings.run.json) {
    const Json result = {{"output", settings.run.output},
                         {"vocabulary", tokenizer.vocabulary_size()},
                         {"rows", rows},
                         {"text_bytes", bytes},
                         {"digest", digest}};
    std::printf("%s\n", printable_json(result).c_str());
    return;
  }
  std::printf(
      "tokenizer   %s\nvocabulary  %lld\ntrained on  %llu rows, %llu bytes of text\n"
      "digest      %s\n",
      printable(settings.run.output, kUncut).c_str(),
      static_cast<long long>(tokenizer.vocabulary_size()), static_cast<unsigned long long>(rows),
      static_cast<unsigned long long>(bytes), digest.c_str());
}

}  // namespace

int run_fit_tokenizer(const Arguments& arguments) {
  Settings settings;
  Options options("fit-tokenizer", "train a byte-level BPE on the texts of corpora");
  options.add("corpus.path", &settings.corpora, "", "Corpora; their rows follow one another.");
  options.require("corpus.path");
  options.add(
      "tokenizer.vocabulary", &settings.vocabulary, "tokens",
      "256 bytes, the merges, and 3 special tokens; fewer where the texts run out of pairs.");
  add_run_settings(options, &settings.run);
  options.require("output");
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  refuse_occupied_output(settings.run.output);
  TokenizerTrainer trainer(settings.vocabulary);
  const auto [rows, bytes] = add_corpora(settings.corpora, &trainer);
  const Tokenizer tokenizer = trainer.train();
  if (tokenizer.vocabulary_size() < settings.vocabulary) {
    log_warning("the texts have pairs for a vocabulary of {} only, not {}",
                tokenizer.vocabulary_size(), settings.vocabulary);
  }
  PartialFolder folder(settings.run.output);
  tokenizer.save(folder.path());
  write_file_atomically(folder.path() / "config.ini", options.resolved());
  folder.finish();
  print_result(settings, tokenizer, rows, bytes);
  return 0;
}

}  // namespace arf
