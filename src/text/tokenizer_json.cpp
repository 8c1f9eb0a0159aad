#include "text/tokenizer_json.h"

#include "text/tokenizer_model.h"
#include "text/tokenizer_pipeline.h"

namespace arf {

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
  PipelineReader(place, &parts).read(root);
  ModelReader(place, &parts).read(root);
  return parts;
}

}  // namespace arf
