#include "text/tokenizer_json.h"

#include <unordered_set>

#include "text/post_processor.h"
#include "text/tokenizer_model.h"
#include "text/tokenizer_pipeline.h"

namespace arf {

namespace {

// What the post-processor puts around a text must be tokens.
void require_tokens(const TokenizerParts& parts, const std::string& place) {
  if (parts.frame.empty() && parts.pair_frame.empty()) return;
  std::unordered_set<TokenId> known;
  for (const auto& [spelling, id] : parts.vocabulary) known.insert(id);
  for (const TextFrame* frame : {&parts.frame, &parts.pair_frame}) {
    for (const FramePiece& piece : *frame) {
      if (piece.kind != FramePiece::Kind::kToken || known.contains(piece.token)) continue;
      input_error("{}: the post-processor puts id {} around a text, which is no token", place,
                  piece.token);
    }
  }
}

}  // namespace

TokenizerParts read_tokenizer_json(const std::string& json, const std::string& place) {
  const SortedJson root = parse_sorted_json(json, place);
  if (!JsonFields::child(root, "model").is_object())
    input_error("{}: it has no object `model`; is it a tokenizer.json?", place);
  TokenizerParts parts;
  PipelineReader(place, &parts).read(root);
  ModelReader(place, &parts).read(root);
  PostProcessorReader(place, &parts).read(JsonFields::child(root, "post_processor"));
  require_tokens(parts, place);
  return parts;
}

}  // namespace arf
