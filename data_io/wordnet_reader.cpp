#include "core/error.h"
#include "core/file.h"
#include "data_io/wordnet_lines.h"
#include "data_io/wordnet_tables.h"

namespace arf {
namespace {

namespace fs = std::filesystem;
using Tables = WordNet::Tables;

constexpr std::array<const char*, kPartsOfSpeech> kNames = {"noun", "verb", "adj", "adv"};
constexpr std::uint32_t kMostMembers = 0xff;

std::string_view keep_file(const fs::path& path, Tables* tables) {
  if (!fs::exists(path)) {
    resource_error(
        "{}: is absent, and without WordNet there are no synonyms; install Debian's package "
        "wordnet-base, or name another folder by --augment.wordnet DIR",
        path.string());
  }
  tables->files.push_back(std::make_unique<const std::string>(read_file(path)));
  return *tables->files.back();
}

class Reader {
 public:
  explicit Reader(const fs::path& directory)
      : directory_(directory), tables_(std::make_unique<Tables>()) {}

  std::unique_ptr<const Tables> read() {
    tables_->lemmas.reserve(160'000);
    tables_->numbers.reserve(160'000);
    for (std::size_t part = 0; part < kPartsOfSpeech; ++part) read_index(part);
    for (std::size_t part = 0; part < kPartsOfSpeech; ++part) read_synsets(part);
    resolve_senses();
    read_counts();
    for (std::size_t part = 0; part < kPartsOfSpeech; ++part) read_exceptions(part);
    return std::move(tables_);
  }

 private:
  using Offsets = std::unordered_map<std::uint32_t, std::uint32_t>;  // in the file -> synset

  WordNetLines open(const std::string& name) {
    const fs::path path = directory_ / name;
    return WordNetLines(path, keep_file(path, tables_.get()));
  }

  WordNet::Lemma lemma_of(std::string_view text) {
    const auto next = static_cast<WordNet::Lemma>(tables_->lemmas.size());
    const auto [at, is_new] = tables_->numbers.emplace(text, next);
    if (is_new) tables_->lemmas.push_back({text, {}, {}});
    return at->second;
  }

  // lemma pos synset_cnt p_cnt [symbol...] sense_cnt tagsense_cnt offset...
  void read_index(std::size_t part) {
    WordNetLines lines = open(fmt::format("index.{}", kNames[part]));
    while (lines.next()) {
      Tables::Entry& entry = tables_->lemmas[lemma_of(lines.word())];
      lines.skip(1);
      const std::uint32_t count = lines.number();
      lines.skip(lines.number());
      lines.skip(2);
      entry.senses[part] = {static_cast<std::uint32_t>(tables_->senses.size()), count};
      for (std::uint32_t i = 0; i < count; ++i) tables_->senses.push_back({lines.number(), 0});
    }
  }

  // offset lex_filenum ss_type w_cnt (word lex_id)... p_cnt (symbol offset pos source)...
  // [f_cnt (+ f_num w_num)...] | gloss
  void read_synsets(std::size_t part) {
    WordNetLines lines = open(fmt::format("data.{}", kNames[part]));
    while (lines.next()) {
      const std::uint32_t offset = lines.number();
      if (offset != lines.offset()) lines.bad("its first number is not its place in the file");
      offsets_[part].emplace(offset, static_cast<std::uint32_t>(tables_->synsets.size()));
      const auto category = static_cast<std::uint8_t>(lines.number());
      lines.skip(1);
      const std::uint32_t count = lines.number(16);
      if (count == 0 || count > kMostMembers) lines.bad("it has no words or too many");
      const auto first = static_cast<std::uint32_t>(tables_->members.size());
      for (std::uint32_t i = 0; i < count; ++i) {
        tables_->members.push_back(member_of(lines.word(), lines));
        lines.skip(1);
      }
      lines.skip(4 * lines.number());
      if (!lines.at_gloss() && !lines.at_end()) read_frames(first, count, &lines);
      tables_->synsets.push_back({first, static_cast<std::uint16_t>(count), category});
    }
  }

  WordNet::Member member_of(std::string_view word, const WordNetLines& lines) {
    WordNet::Member member;
    if (word.ends_with(')')) {  // "asleep(p)"
      member.restricted = true;
      word = word.substr(0, word.find('('));
    }
    lower_.assign(word);
    for (char& c : lower_) {
      if (c < 'A' || c > 'Z') continue;
      c = static_cast<char>(c + ('a' - 'A'));
      member.capitalised = true;
    }
    const auto found = tables_->numbers.find(lower_);
    if (found == tables_->numbers.end()) lines.bad("it has a word that the index has not");
    member.lemma = found->second;
    return member;
  }

  void read_frames(std::uint32_t first, std::uint32_t count, WordNetLines* lines) {
    const std::uint32_t num_frames = lines->number();
    for (std::uint32_t i = 0; i < num_frames; ++i) {
      lines->skip(1);
      const std::uint32_t frame = lines->number(), which = lines->number(16);
      if (frame >= 64 || which > count) lines->bad("a sentence frame is out of range");
      for (std::uint32_t m = 0; m < count; ++m) {  // 0: the frame fits every word
        if (which == 0 || which == m + 1) tables_->members[first + m].frames |= 1ull << frame;
      }
    }
  }

  // From places in the files to numbers of synsets.
  void resolve_senses() {
    for (Tables::Entry& entry : tables_->lemmas) {
      for (std::size_t part = 0; part < kPartsOfSpeech; ++part) {
        for (std::uint32_t i = 0; i < entry.senses[part].count; ++i) {
          WordNet::Sense& sense = tables_->senses[entry.senses[part].first + i];
          const auto found = offsets_[part].find(sense.synset);
          if (found == offsets_[part].end()) {
            input_error(
                "{}: `{}` points to synset {} that data.{} has not; install Debian's package "
                "wordnet-base again",
                (directory_ / fmt::format("index.{}", kNames[part])).string(), entry.text,
                sense.synset, kNames[part]);
          }
          sense.synset = found->second;
        }
      }
    }
  }

  // sense_key sense_number tag_cnt; the key is lemma%ss_type:...
  void read_counts() {
    WordNetLines lines = open("cntlist.rev");
    while (lines.next()) {
      const std::string_view key = lines.word();
      const std::uint32_t sense = lines.number(), count = lines.number();
      const std::size_t percent = key.find('%');
      if (percent == std::string_view::npos || percent + 1 == key.size()) lines.bad("no sense key");
      const auto found = tables_->numbers.find(key.substr(0, percent));
      if (found == tables_->numbers.end()) continue;  // a spelling that is no longer in the index
      const char type = key[percent + 1];
      if (type < '1' || type > '5') lines.bad("the sense key's type is unknown");
      const std::size_t part = type == '5' ? 2 : static_cast<std::size_t>(type - '1');
      Tables::Entry& entry = tables_->lemmas[found->second];
      if (sense == 0 || sense > entry.senses[part].count) continue;
      tables_->senses[entry.senses[part].first + sense - 1].count = count;
      entry.counts[part] += count;
    }
  }

  // form base...
  void read_exceptions(std::size_t part) {
    WordNetLines lines = open(fmt::format("{}.exc", kNames[part]));
    while (lines.next()) {
      const std::string_view form = lines.word();
      while (!lines.at_end()) {
        const auto found = tables_->numbers.find(lines.word());
        if (found == tables_->numbers.end()) continue;
        tables_->exceptions[part].emplace_back(form, found->second);
        WordNet::Bases& bases = tables_->irregular[part][form];
        if (bases.count < bases.lemmas.size()) bases.lemmas[bases.count++] = found->second;
      }
    }
  }

  fs::path directory_;
  std::unique_ptr<Tables> tables_;
  std::array<Offsets, kPartsOfSpeech> offsets_;
  std::string lower_;
};

}  // namespace

std::unique_ptr<const WordNet::Tables> read_wordnet(const fs::path& directory) {
  return Reader(directory).read();
}

}  // namespace arf
