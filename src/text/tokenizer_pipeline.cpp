#include "text/tokenizer_pipeline.h"

#include "text/unicode.h"

namespace arf {
namespace {

constexpr const char* kPreTokenizers =
    "Split then ByteLevel, ByteLevel, Metaspace, BertPreTokenizer, Split behind a text, or none";

// Llama 2's normaliser may make a text of one space 12 times longer, and NFC before it three times
// that; its decoder none.
constexpr double kMostNormalizerGrowth = 36, kMostDecoderGrowth = 16;
constexpr std::size_t kMostSteps = 64;  // of a normalizer or decoder: Llama 2's have 2 and 4
constexpr std::size_t kMostPatternBytes = 512;  // each place of a text may be compared with them
constexpr std::size_t kNfcGrowth = 3, kBertGrowth = 3;  // UAX #15; spaces around an ideograph

}  // namespace

void PipelineReader::read(const SortedJson& root) {
  read_normalizer(child(root, "normalizer"));
  read_pre_tokenizer(child(root, "pre_tokenizer"));
  read_decoder(child(root, "decoder"));
}

void PipelineReader::grow(std::size_t from, std::size_t to, double most, double* growth) const {
  if (to > from) *growth *= static_cast<double>(to) / static_cast<double>(from);
  if (*growth > most)
    fail("its normalizer or decoder could make a text more than {} times longer", most);
}

void PipelineReader::check_steps(std::size_t count) const {
  if (count > kMostSteps)
    fail("its normalizer or decoder has more than {} steps, each a pass over every text",
         kMostSteps);
}

void PipelineReader::read_normalizer(const SortedJson& normalizer) {
  const std::string type = type_of(normalizer);
  check_steps(parts_.normalizer.num_steps() + 1);
  if (type == "none") return;
  if (type == "NFC") {
    grow(1, kNfcGrowth, kMostNormalizerGrowth, &normalizer_growth_);
    parts_.normalizer.add(ComposeStep{});
  } else if (type == "Prepend") {
    PrependStep step{text(normalizer, "prepend")};
    grow(1, 1 + step.prefix.size(), kMostNormalizerGrowth, &normalizer_growth_);
    parts_.normalizer.add(std::move(step));
  } else if (type == "Replace") {
    ReplaceStep step{read_replaced(normalizer), text(normalizer, "content")};
    grow(step.from.size(), step.to.size(), kMostNormalizerGrowth, &normalizer_growth_);
    parts_.normalizer.add(std::move(step));
  } else if (type == "BertNormalizer") {
    read_bert_normalizer(normalizer);
  } else if (type == "Sequence") {
    for (const SortedJson& part : list(normalizer, "normalizers")) read_normalizer(part);
  } else {
    refuse("normalizer", type, "NFC, Prepend, Replace and BertNormalizer");
  }
}

std::string PipelineReader::read_replaced(const SortedJson& replace) const {
  const SortedJson& pattern = child(replace, "pattern");
  const SortedJson& text = child(pattern, "String");
  if (!text.is_string() || text == "") {
    refuse("Replace pattern", pattern.dump(), "a String that is not empty");
  }
  return pattern_text(text);
}

std::string PipelineReader::pattern_text(const SortedJson& pattern) const {
  const auto& text = pattern.get_ref<const std::string&>();
  if (text.size() > kMostPatternBytes)
    fail("a pattern of {} bytes; it has at most {}", text.size(), kMostPatternBytes);
  return text;
}

void PipelineReader::read_bert_normalizer(const SortedJson& normalizer) {
  BertStep step;
  step.clean_text = flag(normalizer, "clean_text", true);
  step.chinese_characters = flag(normalizer, "handle_chinese_chars", true);
  step.lowercase = flag(normalizer, "lowercase", true);
  step.strip_accents = flag(normalizer, "strip_accents", step.lowercase);
  grow(1, kBertGrowth, kMostNormalizerGrowth, &normalizer_growth_);
  parts_.normalizer.add(step);
}

void PipelineReader::read_pre_tokenizer(const SortedJson& pre_tokenizer) {
  const std::string type = type_of(pre_tokenizer);
  if (type == "none") {
    parts_.words.kind = WordRule::Kind::kWhole;
  } else if (type == "Sequence") {
    read_sequence(list(pre_tokenizer, "pretokenizers"));
  } else if (type == "ByteLevel") {
    read_byte_level(pre_tokenizer);
  } else if (type == "Metaspace") {
    read_metaspace(pre_tokenizer);
  } else if (type == "BertPreTokenizer") {
    parts_.words.kind = WordRule::Kind::kBert;
  } else if (type == "Split") {
    read_mark(pre_tokenizer);
  } else {
    refuse("pre_tokenizer", type, kPreTokenizers);
  }
}

void PipelineReader::read_sequence(const SortedJson& steps) {
  if (steps.size() == 1) return read_pre_tokenizer(steps[0]);
  if (steps.size() != 2 || type_of(steps[0]) != "Split" || type_of(steps[1]) != "ByteLevel") {
    refuse("pre_tokenizer", steps.dump(), kPreTokenizers);
  }
  read_pattern(steps[0]);
  read_byte_level(steps[1]);
}

void PipelineReader::read_pattern(const SortedJson& split) {
  const SortedJson& regex = child(child(split, "pattern"), "Regex");
  const std::string pattern =
      regex.is_string() ? regex.get<std::string>() : child(split, "pattern").dump();
  parts_.next_word = find_split(pattern);
  if (!parts_.next_word) refuse("split pattern", pattern, "Qwen2's, Llama 3's and GPT-2's");
  if (child(split, "behavior") != "Isolated" || flag(split, "invert", false))
    refuse("Split", split.dump(), "behavior Isolated, not inverted");
}

// Gemma's: a word ends behind a space (of which its normaliser leaves none).
void PipelineReader::read_mark(const SortedJson& split) {
  const SortedJson& mark = child(child(split, "pattern"), "String");
  if (!mark.is_string() || mark == "" || child(split, "behavior") != "MergedWithPrevious" ||
      flag(split, "invert", false)) {
    refuse("Split", split.dump(),
           "a String with behavior MergedWithPrevious, or a Regex before ByteLevel");
  }
  parts_.words.kind = WordRule::Kind::kBehindMark;
  parts_.words.mark = pattern_text(mark);
}

void PipelineReader::read_byte_level(const SortedJson& byte_level) {
  parts_.prefix_space = flag(byte_level, "add_prefix_space", true);
  const bool splits = flag(byte_level, "use_regex", true);
  if (parts_.next_word && (splits || parts_.prefix_space))
    refuse("ByteLevel behind a Split", byte_level.dump(), "without regex and prefix space");
  if (!parts_.next_word && !splits)
    refuse("ByteLevel", byte_level.dump(), "with use_regex, or behind a Split");
  if (splits) parts_.next_word = find_split(kGpt2Pattern);
}

WordRule::Prefix PipelineReader::read_prefix(const SortedJson& metaspace) const {
  const SortedJson& scheme = child(metaspace, "prepend_scheme");
  if (scheme.is_null()) {  // older files
    return flag(metaspace, "add_prefix_space", true) ? WordRule::Prefix::kAlways
                                                     : WordRule::Prefix::kNever;
  }
  if (scheme == "always") return WordRule::Prefix::kAlways;
  if (scheme == "first") return WordRule::Prefix::kFirst;
  if (scheme != "never") refuse("prepend_scheme", scheme.dump(), "always, first and never");
  return WordRule::Prefix::kNever;
}

std::string PipelineReader::read_metaspace_mark(const SortedJson& metaspace) const {
  std::string mark = text(metaspace, "replacement");
  if (mark.empty() || character_at(mark, 0).length != mark.size())
    fail("Metaspace has the `replacement` `{}`, not one character", mark);
  return mark;
}

void PipelineReader::read_metaspace(const SortedJson& metaspace) {
  parts_.words.kind = WordRule::Kind::kMetaspace;
  parts_.words.mark = read_metaspace_mark(metaspace);
  parts_.words.prefix = read_prefix(metaspace);
  parts_.words.splits = flag(metaspace, "split", true);
}

void PipelineReader::read_decoder(const SortedJson& decoder) {
  const std::string type = type_of(decoder);
  const bool byte_level = parts_.words.kind == WordRule::Kind::kByteLevel;
  if (type == "Sequence") {
    const SortedJson& steps = list(decoder, "decoders");
    if (steps.size() == 1) return read_decoder(steps[0]);
    for (const SortedJson& step : steps) read_decoder_step(step);
  } else if (type != "ByteLevel") {
    read_decoder_step(decoder);
  }
  if (byte_level != parts_.decoder.empty()) {
    fail(
        "the decoder `{}` does not belong to the pre_tokenizer: ByteLevel goes with ByteLevel, and "
        "no other with it",
        type);
  }
}

void PipelineReader::read_decoder_step(const SortedJson& step) {
  const std::string type = type_of(step);
  check_steps(parts_.decoder.size() + 1);
  if (type == "Replace") {
    ReplaceInToken replace{read_replaced(step), text(step, "content")};
    grow(replace.from.size(), replace.to.size(), kMostDecoderGrowth, &decoder_growth_);
    parts_.decoder.push_back(std::move(replace));
  } else if (type == "ByteFallback") {
    parts_.decoder.push_back(ByteFallback{});
  } else if (type == "Fuse") {
    parts_.decoder.push_back(Fuse{});
  } else if (type == "Strip") {
    const SortedJson &start = child(step, "start"), &stop = child(step, "stop");
    if (!start.is_number_unsigned() || !stop.is_number_unsigned() || text(step, "content").empty())
      refuse("Strip", step.dump(), "a content and two counts");
    parts_.decoder.push_back(
        StripToken{text(step, "content"), start.get<std::size_t>(), stop.get<std::size_t>()});
  } else if (type == "Metaspace") {
    parts_.decoder.push_back(
        MetaspaceToken{read_metaspace_mark(step), read_prefix(step) != WordRule::Prefix::kNever});
  } else if (type == "WordPiece") {
    WordPieceToken word_piece;
    if (step.contains("prefix")) word_piece.prefix = text(step, "prefix");
    word_piece.clean_up = flag(step, "cleanup", true);
    parts_.decoder.push_back(word_piece);
  } else {
    refuse("decoder", type,
           "ByteLevel, Replace, ByteFallback, Fuse, Strip, Metaspace and WordPiece");
  }
}

}  // namespace arf
