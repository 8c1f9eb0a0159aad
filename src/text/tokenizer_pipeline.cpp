#include "text/tokenizer_pipeline.h"

namespace arf {

void PipelineReader::read(const SortedJson& root) {
  read_normalizer(child(root, "normalizer"));
  read_pre_tokenizer(child(root, "pre_tokenizer"));
  read_post_processor(child(root, "post_processor"));
  read_decoder(child(root, "decoder"));
}

void PipelineReader::read_normalizer(const SortedJson& normalizer) {
  const std::string type = type_of(normalizer);
  if (type == "none") return;
  if (type == "NFC") {
    parts_.compose = true;
  } else if (type == "Sequence") {
    for (const SortedJson& part : list(normalizer, "normalizers")) read_normalizer(part);
  } else {
    refuse("normalizer", type, "NFC");
  }
}

void PipelineReader::read_pre_tokenizer(const SortedJson& pre_tokenizer) {
  const std::string type = type_of(pre_tokenizer);
  if (type == "Sequence") {
    const SortedJson& steps = list(pre_tokenizer, "pretokenizers");
    if (steps.size() == 1) return read_pre_tokenizer(steps[0]);
    if (steps.size() != 2 || type_of(steps[0]) != "Split" || type_of(steps[1]) != "ByteLevel")
      refuse("pre_tokenizer", pre_tokenizer.dump(), "Split then ByteLevel, or ByteLevel alone");
    read_split(steps[0]);
    read_byte_level(steps[1]);
  } else if (type == "ByteLevel") {
    read_byte_level(pre_tokenizer);
  } else {
    refuse("pre_tokenizer", type, "Split then ByteLevel, or ByteLevel alone");
  }
}

void PipelineReader::read_split(const SortedJson& split) {
  const SortedJson& regex = child(child(split, "pattern"), "Regex");
  const std::string pattern =
      regex.is_string() ? regex.get<std::string>() : child(split, "pattern").dump();
  parts_.next_word = find_split(pattern);
  if (!parts_.next_word) refuse("split pattern", pattern, "Qwen2's, Llama 3's and GPT-2's");
  if (child(split, "behavior") != "Isolated" || flag(split, "invert", false))
    refuse("Split", split.dump(), "behavior Isolated, not inverted");
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

void PipelineReader::read_post_processor(const SortedJson& processor) const {
  const std::string type = type_of(processor);
  if (type == "Sequence") {
    for (const SortedJson& step : list(processor, "processors")) read_post_processor(step);
  } else if (type != "none" && type != "ByteLevel" && type != "RobertaProcessing" &&
             type != "BertProcessing" && type != "TemplateProcessing") {
    refuse("post_processor", type,
           "ByteLevel, RobertaProcessing, BertProcessing and TemplateProcessing");
  }
}

void PipelineReader::read_decoder(const SortedJson& decoder) const {
  const std::string type = type_of(decoder);
  if (type == "Sequence" && list(decoder, "decoders").size() == 1)
    return read_decoder(list(decoder, "decoders")[0]);
  if (type != "ByteLevel") refuse("decoder", type, "ByteLevel");
}

}  // namespace arf
