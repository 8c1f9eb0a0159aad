// What a scorer's config.json says of its head, beside the tensors.
#pragma once

#include <filesystem>
#include <string>

#include "model/ops/ops.h"

namespace arf {

// How the tokens of a text become one prediction.
enum class Pooling {
  kTokenLogits,   // the MLP on every token, then the mean of the logits (paper eq. 8, 9)
  kHiddenStates,  // the mean of the tokens' hidden states, then the MLP
  kFirstToken,    // the MLP on the first token
};
inline constexpr const char* kPoolingNames[] = {"token_logits", "hidden_states", "first_token"};
Pooling pooling_of(const std::string& name);  // one of the names
inline std::string name_of(Pooling pooling) { return kPoolingNames[static_cast<int>(pooling)]; }

struct HeadForm {
  Pooling pooling = Pooling::kTokenLogits;
  double temperature = 1;  // the logits are divided by it, above 0; a constant, never trained
};

// arf_scorer's part of config.json; a scorer that says neither is of the paper's form.
// input_error, naming file and value.
HeadForm read_head_form(const std::filesystem::path& directory);

// The rows that the MLP sees, and which of them are of one text.
struct PooledRows {
  Tensor rows;
  ops::Segments segments;
};
// hidden [N, H] of packed texts, none of them empty: themselves, or [B, H]. A text's bits depend on
// its own rows only; differentiable.
PooledRows pool_rows(const Tensor& hidden, const ops::Segments& segments, Pooling pooling);

}  // namespace arf
