// `arf augment`: synonym variants, cut traces and preference pairs of a corpus, with
// preference-biased scores (paper 3.2 and appendix E). Here augmentation and scoring meet.
#include <ATen/Parallel.h>

#include <cstdio>
#include <optional>

#include "augment/augmenter.h"
#include "config/options.h"
#include "core/error.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/corpus.h"
#include "data_io/partial_folder.h"
#include "data_io/wordnet.h"
#include "programs/commands.h"
#include "programs/scorer_run.h"
#include "scoring/preference_bias.h"
#include "scoring/scorer.h"

namespace arf {
namespace {

// Appendix D: below, agreement hardly counts; above, w is a switch.
constexpr double kSmallestSSig = 4, kLargestSSig = 8;

struct Settings {
  RunSettings run;
  std::string corpus, scorer, static_scorer, wordnet = WordNet::kDirectory;
  AugmentSettings augment;
  double s_sig = 6;
};

void declare(Options& options, Settings* settings) {
  AugmentSettings& augment = settings->augment;
  options.add("corpus.path", &settings->corpus, "", "The corpus, labelled by `arf label`.");
  options.require("corpus.path");
  options.add("scorer.path", &settings->scorer, "",
              "The ARF scorer, or the run that made it; empty: no scores, and no pairs.");
  options.add("static_scorer.path", &settings->static_scorer, "",
              "The static scorer: reads the follow-ups of responses that nobody labelled.");
  options.add("augment.synonym_rounds", &augment.synonym_rounds, "rounds",
              "Synonym variants of a row, at most; a round that finds nothing new makes none.");
  options.add("augment.synonym_share", &augment.synonym_share, "",
              "Share of the words with a fitting synonym that a round replaces; at least one.");
  options.add("augment.synonym_most", &augment.synonym_most, "words",
              "Replacements in one response, at most.");
  options.add("augment.truncate", &augment.truncate, "",
              "Cut each trace of several replies at a random turn.");
  options.add(
      "augment.pairs", &augment.pairs, "",
      "Make a preference pair of each row's last scored response that has variants, and those.");
  options.add("augment.prefixes", &augment.prefixes, "",
              "Score pairs behind praise and blame, which pushes their scores apart.");
  options.add("augment.min_gap", &augment.min_gap, "reward",
              "Pairs whose rewards do not differ by more are left out.");
  options.add("augment.s_sig", &settings->s_sig, "",
              "Steepness of the weight between ARF and static score (paper eq. 11); 4 to 8.");
  options.add("augment.keep_originals", &augment.keep_originals, "",
              "Write each row before what was made of it.");
  options.add("augment.wordnet", &settings->wordnet, "", "Folder of WordNet 3.0's files.");
  add_run_settings(options, &settings->run);
  options.require("output");
}

void check_s_sig(double s_sig) {
  if (!(s_sig > 0)) {
    usage_error("--augment.s_sig is {}; it takes a number above 0, best from {} to {}", s_sig,
                kSmallestSSig, kLargestSSig);
  }
  if (s_sig < kSmallestSSig || s_sig > kLargestSSig) {
    log_warning("--augment.s_sig is {}, outside of the {} to {} that the method is made for", s_sig,
                kSmallestSSig, kLargestSSig);
  }
}

// Loaded once, used from all blocks.
class Scorers {
 public:
  explicit Scorers(const Settings& settings)
      : s_sig_(settings.s_sig), num_threads_(num_workers(settings.run)) {
    if (!settings.scorer.empty()) arf_ = Scorer::load(settings.scorer);
    if (!settings.static_scorer.empty()) fixed_ = Scorer::load(settings.static_scorer);
  }
  Scorers(const Scorers&) = delete;
  Scorers& operator=(const Scorers&) = delete;

  AugmentScorers functions() const {
    AugmentScorers made;
    made.biased = [this](const Satisfaction& arf, const Satisfaction& fixed) {
      return biased_score(arf, fixed, s_sig_);
    };
    if (arf_) {
      made.arf = [this](const std::vector<PromptedResponse>& responses) {
        std::vector<ScorerInput> inputs;
        for (const auto& [prompt, response] : responses) inputs.push_back({prompt, response});
        return score_all(*arf_, inputs, num_threads_);
      };
    }
    if (arf_ && fixed_) {
      made.fixed = [this](const std::vector<std::string>& follow_ups) {
        std::vector<ScorerInput> inputs;
        for (const std::string& text : follow_ups) inputs.push_back({"", text});
        return score_all(*fixed_, inputs, num_threads_);
      };
    }
    return made;
  }

 private:
  double s_sig_;
  int num_threads_;
  std::optional<Scorer> arf_, fixed_;
};

void note_inputs(const Settings& settings, const Options& options, const CorpusReader& reader,
                 CorpusWriter* writer) {
  writer->keep_config(options.resolved());
  Json inputs = {{"corpus", settings.corpus}, {"corpus_digest", reader.index().at("digest")}};
  if (!settings.scorer.empty()) inputs["scorer_digest"] = scorer_digest(settings.scorer);
  if (!settings.static_scorer.empty()) {
    inputs["static_scorer_digest"] = scorer_digest(settings.static_scorer);
  }
  writer->note("augmented_from", inputs);
}

AugmentCounts augment_corpus(const Settings& settings, const Options& options) {
  const CorpusReader reader(settings.corpus);
  const Scorers scorers(settings);
  const WordNet wordnet(settings.wordnet);
  const SynonymTools tools(wordnet);
  CorpusWriter writer(settings.run.output);
  Augmenter augmenter(settings.augment, tools, scorers.functions(), num_workers(settings.run),
                      [&](const Dialogue& row) { writer.add(row); });
  Progress progress("augment", reader.rows(), "rows");
  const auto show = [&](std::uint64_t rows) {
    const AugmentCounts& counts = augmenter.counts();
    progress.advance(rows, fmt::format("{} variants {} pairs", counts.synonyms, counts.pairs));
  };
  reader.for_each([&](std::uint64_t row, const Dialogue& dialogue) {
    augmenter.add(dialogue);
    show(row + 1);
  });
  augmenter.finish();
  show(reader.rows());
  note_inputs(settings, options, reader, &writer);
  writer.finish();
  return augmenter.counts();
}

void print_json(const std::string& output, const AugmentCounts& counts, const std::string& digest) {
  const Json result = {{"output", output},
                       {"rows", counts.written},
                       {"rows_read", counts.rows},
                       {"rows_kept_as_they_were", counts.kept_as_they_were},
                       {"rows_without_response", counts.without_response},
                       {"rows_without_score", counts.without_score},
                       {"synonym", counts.synonyms},
                       {"synonym_unchanged", counts.synonyms_unchanged},
                       {"words_replaced", counts.replaced_words},
                       {"truncate", counts.truncations},
                       {"not_cut", counts.not_cut},
                       {"pairs", counts.pairs},
                       {"pairs_without_variants", counts.pairs_without_variants},
                       {"pairs_below_gap", counts.pairs_below_gap},
                       {"pairs_turned", counts.pairs_turned},
                       {"responses_scored", counts.scored},
                       {"digest", digest}};
  std::printf("%s\n", printable_json(result).c_str());
}

void print_text(const std::string& output, const AugmentCounts& counts, const std::string& digest) {
  const std::string text = fmt::format(
      "corpus    {}\nrows      {} of {} read ({} kept as they were, {} without a response, {} "
      "without a score)\n"
      "synonym   {} variants, {} words replaced; {} rounds found nothing new\n"
      "truncate  {} traces cut; {} had no place to cut\n"
      "pairs     {}; left out: {} without variants, {} that did not differ, {} that the prefixes "
      "turned\n"
      "scored    {} responses\ndigest    {}\n",
      printable(output, kUncut), counts.written, counts.rows, counts.kept_as_they_were,
      counts.without_response, counts.without_score, counts.synonyms, counts.replaced_words,
      counts.synonyms_unchanged, counts.truncations, counts.not_cut, counts.pairs,
      counts.pairs_without_variants, counts.pairs_below_gap, counts.pairs_turned, counts.scored,
      digest);
  std::fputs(text.c_str(), stdout);
}

}  // namespace

int run_augment(const Arguments& arguments) {
  Settings settings;
  Options options("augment",
                  "Make synonym variants, cut traces and preference pairs of a corpus, with "
                  "preference-biased scores.");
  declare(options, &settings);
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  at::set_num_threads(1);
  settings.augment.seed = settings.run.seed;
  check_s_sig(settings.s_sig);
  refuse_occupied_output(settings.run.output);
  const AugmentCounts counts = augment_corpus(settings, options);
  const auto digest = CorpusReader(settings.run.output).index().at("digest").get<std::string>();
  (settings.run.json ? print_json : print_text)(settings.run.output, counts, digest);
  return 0;
}

}  // namespace arf
