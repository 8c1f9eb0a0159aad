#include "scoring/labelled_texts.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "core/error.h"
#include "core/hash.h"
#include "core/philox.h"
#include "data_io/corpus.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kParts = 20;             // one for validation, one for the test
constexpr std::uint64_t kHeldSalt = 0x68656c64;  // not the hash that importers split by

constexpr std::pair<const char*, Side> kPartNames[] = {
    {"train", Side::kTraining}, {"validation", Side::kValidation}, {"test", Side::kTest}};

bool holds_corpus(const fs::path& path) { return fs::exists(path / "index.json"); }

// Empty where the folder is a corpus, or nothing of ours.
std::vector<CorpusPart> parts_in(const fs::path& path) {
  if (holds_corpus(path)) return {};
  std::vector<CorpusPart> parts;
  std::string missing;
  for (const auto& [name, side] : kPartNames) {
    if (holds_corpus(path / name)) {
      parts.push_back({(path / name).string(), side});
    } else {
      missing += (missing.empty() ? "" : " and ") + std::string(name) + "/";
    }
  }
  if (!parts.empty() && !missing.empty()) {
    input_error(
        "{}: holds {} and no {}; a corpus in parts has train/, validation/ and test/, a corpus "
        "each",
        path.string(), fs::path(parts.front().path).filename().string() + "/", missing);
  }
  return parts;
}

}  // namespace

Side side_of(const ScorerInput& input) {
  std::string both(input.prompt);
  both += '\0';
  both += input.text;
  const std::uint64_t part = mix64(xxh3(both) ^ kHeldSalt) % kParts;
  return part == 0 ? Side::kTest : part == 1 ? Side::kValidation : Side::kTraining;
}

std::vector<CorpusPart> corpus_parts(const std::vector<std::string>& paths) {
  std::vector<CorpusPart> all;
  for (const std::string& path : paths) {
    const std::vector<CorpusPart> parts = parts_in(path);
    if (parts.empty()) all.push_back({path, {}});
    all.insert(all.end(), parts.begin(), parts.end());
    const bool differs = all.front().side.has_value() != all.back().side.has_value();
    if (!differs) continue;
    usage_error(
        "--corpus.path: of {} and {} one is a corpus and the other one is in parts (train/, "
        "validation/, test/): a text could be trained on here and tested there; give one kind, or "
        "the parts' own folders as corpora",
        paths.front(), path);
  }
  return all;
}

std::vector<std::string> for_each_labelled_row(
    const std::vector<std::string>& corpora, const std::string& mend,
    const std::function<void(std::unique_ptr<const Dialogue>, const std::vector<LabelledText>&)>&
        body) {
  std::vector<std::string> sources;
  std::map<std::string, std::uint32_t> numbers;
  for (const CorpusPart& part : corpus_parts(corpora)) {
    bool any = false;
    CorpusReader(part.path).for_each([&](std::uint64_t, const Dialogue& dialogue) {
      auto row = std::make_unique<const Dialogue>(dialogue);
      const auto [found, is_new] =
          numbers.emplace(row->source, static_cast<std::uint32_t>(sources.size()));
      if (is_new) sources.push_back(row->source);
      std::vector<LabelledText> texts;
      for (const Turn& turn : row->turns) {
        if (turn.role != TurnRole::kUser || !turn.satisfaction) continue;
        const Side side = part.side ? *part.side : side_of({"", turn.text});
        texts.push_back({turn.text, *turn.satisfaction, side, found->second});
      }
      any = any || !texts.empty();
      body(std::move(row), texts);
    });
    if (any) continue;
    input_error("{}: no user's turn has a satisfaction, so there is nothing to learn from; {}",
                part.path, mend);
  }
  return sources;
}

}  // namespace arf
