// What any file or folder of ours is, from its content: the work of `arf inspect`.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/json.h"

namespace arf {

// {"kind": ..., "digest": ..., what that kind has}. Kinds: corpus, run, adapter, scorer, model,
// tokenizer, checkpoint, shard, safetensors. `digest` is the SHA-256 of the content that must be
// reproducible: a corpus's rows, the weights of an adapter, model or scorer, a tokenizer.json; a
// run has that of what it made. A checkpoint is `complete` where its hashes hold. A corpus and a
// shard show `sample_rows` rows under "samples". input_error where it is none of these, or is
// damaged.
Json describe(const std::filesystem::path& path, std::uint64_t sample_rows);

// A row as JSON, satisfaction as [bad, neutral, good].
struct Dialogue;
Json to_json(const Dialogue& row);

}  // namespace arf
