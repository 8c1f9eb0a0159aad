#include "text/tokenizer_json.h"

#include <algorithm>

#include "text/tokenizer_model.h"
#include "text/tokenizer_pipeline.h"

namespace arf {

namespace {

// What the post-processor puts around a text must be tokens.
void require_tokens(const TokenizerParts& parts, const std::string& place) {
  for (const auto* ids : {&parts.before, &parts.behind}) {
    for (const TokenId id : *ids) {
      const auto known = std::find_if(parts.vocabulary.begin(), parts.vocabulary.end(),
                                      [&](const auto& entry) { return entry.second == id; });
      if (known == parts.vocabulary.end())
        input_error("{}: the post-processor puts id {} around a text, which is no token", place,
                    id);
    }
  }
}

}  // namespace

TokenizerParts read_tokenizer_json(const std::string& json, const std::string& place) {
  SortedJson root;
  try {
    root = SortedJson::parse(json);
  } catch (const SortedJson::exception& error) {
    input_error("{}: is not valid JSON: {}", place, error.what());
  }
  if (!JsonFields::child(root, "model").is_object())
    input_error("{}: it has no object `model`; is it a tokenizer.json?", place);
  TokenizerParts parts;
  PipelineReader pipeline(place, &parts);
  pipeline.read(root);
  ModelReader(place, &parts).read(root);
  pipeline.read_post_processor(JsonFields::child(root, "post_processor"));
  require_tokens(parts, place);
  return parts;
}

}  // namespace arf
