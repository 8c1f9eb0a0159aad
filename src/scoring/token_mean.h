// The scorer's last two steps as one operation with one fixed order of sums.
#pragma once

#include "model/ops/ops.h"

namespace arf {

// log softmax of the mean over each text's tokens (paper eq. 9), divided by the temperature: logits
// [N, C] of packed texts -> [B, C]. A text's bits depend on its own rows only. float32 and float64,
// summed in double; differentiable. No segment may be empty.
Tensor mean_log_softmax(const Tensor& logits, const ops::Segments& segments,
                        double temperature = 1);

}  // namespace arf
