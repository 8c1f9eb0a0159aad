// What any file or folder of ours is, from its content: the work of `arf inspect`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "core/json.h"

namespace arf {

// {"kind": ..., "digest": ..., what that kind has}. Kinds: corpus, recipe, run, adapter, scorer,
// model, tokenizer, checkpoint, shard, safetensors. `digest` is the SHA-256 of the content that must be
// reproducible: a corpus's rows, the weights of an adapter, model or scorer, a tokenizer.json; a
// run has that of what it made. A checkpoint is `complete` where its hashes hold. input_error where
// it is none of these, or is damaged.
Json describe(const std::filesystem::path& path);

struct Dialogue;

// The first rows of a corpus or a shard, as many as there are up to `count`; one at a time, since a
// row may have millions of turns.
void for_first_rows(const std::filesystem::path& path, std::uint64_t count,
                    const std::function<void(const Dialogue&)>& body);

}  // namespace arf
