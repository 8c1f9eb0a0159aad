// fuzz_seeds SOURCE OUT: writes what targets begin with, cut from files that are there already:
// the golden models' configurations and tensors, and the tokenizers of the public data; and a unit
// of a journal, as a generator writes it.
#include <cstdio>
#include <map>

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "data_io/input_file.h"
#include "data_io/safetensors.h"
#include "exchange/wire.h"

using namespace arf;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kTensors = 3, kMerges = 8;  // kept of each file

void cut_golden(const fs::path& file, const fs::path& out) {
  const SafetensorsFile golden(file);
  const std::string name = "golden_" + file.stem().string();
  write_file_atomically(out / "config" / name, golden.metadata().at("config"));
  std::vector<TensorToStore> kept;
  for (const auto& [tensor, stored] : golden.tensors()) {
    if (kept.size() < kTensors && stored.bytes.size() < 2000) {
      kept.push_back({tensor, stored.dtype, stored.shape, stored.bytes});
    }
  }
  write_file_atomically(out / "safetensors" / name, safetensors_bytes(std::move(kept)));
}

// Gives the tokens that are kept new ids behind the 256 bytes.
class Vocabulary {
 public:
  explicit Vocabulary(bool fallback) { tokens_[fallback ? "$fallback" : "$bytes"] = 0; }
  int keep(const std::string& token) {
    const auto [found, is_new] = ids_.emplace(token, next_);
    if (is_new) ++next_;
    return found->second;
  }
  void keep_in_model(const std::string& token, bool is_byte) {
    if (!is_byte) tokens_[token] = keep(token);
  }
  const SortedJson& tokens() const { return tokens_; }

 private:
  SortedJson tokens_ = SortedJson::object();
  std::map<std::string, int> ids_;
  int next_ = 256;
};

// The first merges whose parts are bytes of one letter, and what they make.
void cut_merges(SortedJson* model, Vocabulary* vocabulary) {
  SortedJson kept = SortedJson::array();
  const bool fallback = model->value("byte_fallback", false);
  for (const SortedJson& merge : (*model)["merges"]) {
    if (kept.size() == kMerges || !merge.is_string()) break;
    const std::string text = merge.get<std::string>();
    const std::size_t space = text.find(' ');
    const std::string left = text.substr(0, space), right = text.substr(space + 1);
    for (const std::string& token : {left, right}) {
      const SortedJson id = (*model)["vocab"].value(token, SortedJson(1000));
      vocabulary->keep_in_model(token, !fallback && id < 256);
    }
    vocabulary->keep_in_model(left + right, false);
    kept.push_back(merge);
  }
  (*model)["merges"] = std::move(kept);
}

void cut_tokenizer(const fs::path& file, const fs::path& out) {
  InputFile input(file);
  std::string text;
  while (input.append_block(&text)) {
  }
  SortedJson root = SortedJson::parse(text);
  if (!root["model"].contains("merges")) return;
  Vocabulary vocabulary(root["model"].value("byte_fallback", false));
  std::map<int, int> ids;  // old -> new
  SortedJson added = SortedJson::array();
  for (SortedJson token : root["added_tokens"]) {
    if (added.size() == 6) break;
    const int id = vocabulary.keep(token["content"].get<std::string>());
    ids[token["id"].get<int>()] = id;
    token["id"] = id;
    added.push_back(token);
  }
  root["added_tokens"] = added;
  cut_merges(&root["model"], &vocabulary);
  root["model"]["vocab"] = vocabulary.tokens();
  SortedJson& processor = root["post_processor"];
  if (processor.is_object() && processor.contains("special_tokens")) {
    for (auto& [name, token] : processor["special_tokens"].items()) {
      for (SortedJson& id : token["ids"]) id = ids[id.get<int>()];
    }
  }
  for (const char* end : {"cls", "sep"}) {
    if (processor.is_object() && processor.contains(end)) {
      processor[end][1] = ids[processor[end][1].get<int>()];
    }
  }
  write_file_atomically(out / "tokenizer" / ("public_" + file.parent_path().filename().string()),
                        root.dump() + "\n%%%%\nIt's 3 o'clock,\n  <s>Łódź ü 你好</s>!");
}

// For journal_fuzz.cpp: no lines, a record of two rollouts. seeds/journal/one_record is this; it
// has to be written anew where the layout of rollouts changes.
void write_journal_record(const fs::path& out) {
  SampledTurn turn;
  turn.turn = 1;
  turn.context = {1, 2, 3};
  turn.response = {4, 5};
  turn.logprobs = {-0.25f, -1};
  turn.drawn_logprobs = {-0.5f, 0};
  turn.stored = {6};
  turn.prompt = "How?";
  turn.text = "So.";
  Rollout empty;
  empty.dialogue_id = "d-1";
  empty.dialogue_row = 9;
  empty.unit = 7;
  empty.version = {12, "9f86d0"};
  Rollout full = empty;
  full.turns = {turn, turn};
  full.turns[1].stored_score = 0.5f;
  empty.digest = digest_of(empty);
  full.digest = digest_of(full);
  const auto bytes = pack_rollouts({empty, full});
  std::string input = "\n%%%%\n\n%%%%\n\n%%%%\n\x01\x07";
  input.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  write_file_atomically(out / "journal" / "written_record", input);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) usage_error("fuzz_seeds SOURCE OUT");
  const fs::path source = argv[1], out = argv[2];
  for (const auto& entry : fs::recursive_directory_iterator(source / "tests/parity/golden")) {
    if (entry.path().extension() == ".safetensors") cut_golden(entry.path(), out);
  }
  write_journal_record(out);
  const fs::path tokenizers = source / "../shared/data/tokenizers";
  if (!fs::exists(tokenizers)) return 0;
  for (const auto& entry : fs::recursive_directory_iterator(tokenizers)) {
    if (entry.path().filename() == "tokenizer.json.gz") cut_tokenizer(entry.path(), out);
  }
} catch (const Error& error) {
  std::fprintf(stderr, "fuzz_seeds: %s\n", error.what());
  return static_cast<int>(error.code());
}
