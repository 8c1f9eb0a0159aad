// What the tests of this folder share: tokenizers written as files, real ones from the public data.
#pragma once

#include <fstream>

#include "core/file.h"
#include "core/json.h"
#include "tests/data_io/public_data.h"
#include "tests/data_io/temporary_folder.h"
#include "text/byte_alphabet.h"
#include "text/split.h"
#include "text/tokenizer.h"

namespace arf {

using Ids = std::vector<TokenId>;

// tokenizer.json: the 256 bytes (ids 0 to 255 in the alphabet's order) and these merges, "a b"
// each.
inline Json byte_level_json(const std::vector<std::string>& merges,
                            std::string_view pattern = kQwen2Pattern) {
  Json vocabulary = Json::object();
  for (int rank = 0; rank < 256; ++rank)
    vocabulary[spell_bytes(std::string(1, static_cast<char>(byte_of_rank(rank))))] = rank;
  for (const std::string& merge : merges) {
    std::string made = merge;
    made.erase(made.find(' '), 1);
    vocabulary[made] = vocabulary.size();
  }
  const Json split = {{"type", "Split"},
                      {"pattern", {{"Regex", pattern}}},
                      {"behavior", "Isolated"},
                      {"invert", false}};
  const Json bytes = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
  return {{"added_tokens", Json::array()},
          {"normalizer", nullptr},
          {"pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", {split, bytes}}}},
          {"post_processor", nullptr},
          {"decoder", {{"type", "ByteLevel"}}},
          {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", merges}}}};
}

inline Json added_token(TokenId id, const std::string& content, bool special) {
  return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", special}};
}

// Characters a, b, c, the mark, <0x00> to <0xFF>, and what the merges make.
inline Json spm_json(const Json& pre_tokenizer, const Json& normalizer) {
  Json vocabulary = {{"<unk>", 0}, {"a", 1},       {"b", 2},       {"\u2581", 3},
                     {"ab", 4},    {"\u2581a", 5}, {"\u2581ab", 6}};
  for (int byte = 0; byte < 256; ++byte) vocabulary[fmt::format("<0x{:02X}>", byte)] = 10 + byte;
  const Json replace = {{"type", "Replace"}, {"pattern", {{"String", "\u2581"}}}, {"content", " "}};
  const Json strip = {{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}};
  return {{"added_tokens", {added_token(300, "<s>", true)}},
          {"normalizer", normalizer},
          {"pre_tokenizer", pre_tokenizer},
          {"post_processor",
           {{"type", "TemplateProcessing"},
            {"single",
             {{{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}},
              {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}}},
            {"special_tokens", {{"<s>", {{"id", "<s>"}, {"ids", {300}}, {"tokens", {"<s>"}}}}}}}},
          {"decoder",
           {{"type", "Sequence"},
            {"decoders", {replace, {{"type", "ByteFallback"}}, {{"type", "Fuse"}}, strip}}}},
          {"model",
           {{"type", "BPE"},
            {"byte_fallback", true},
            {"unk_token", "<unk>"},
            {"vocab", vocabulary},
            {"merges", {"a b", "\u2581 a", "\u2581 ab"}}}}};
}

inline Json llama_normalizer() {
  return {{"type", "Sequence"},
          {"normalizers",
           {{{"type", "Prepend"}, {"prepend", "\u2581"}},
            {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "\u2581"}}}}};
}

inline void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

inline Tokenizer load_text(const std::string& text) {
  const TemporaryFolder folder;
  write(folder / "tokenizer.json", text);
  return Tokenizer::load(folder.path());
}
inline Tokenizer load_json(const Json& json) { return load_text(json.dump()); }

// The tokens of a text as they are spelled, one space between two.
inline std::string spelled(const Tokenizer& tokenizer, std::string_view text,
                           bool special = false) {
  std::string line;
  for (const TokenId id : tokenizer.encode(text, special))
    line += (line.empty() ? "" : " ") + tokenizer.token_text(id);
  return line;
}

inline const std::filesystem::path kTokenizers = kPublicData / "tokenizers";

}  // namespace arf
