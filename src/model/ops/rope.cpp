// Rotary position embedding, and the table of cosines and sines it reads.
#include <cmath>
#include <list>

#include "model/ops/device.h"
#include "model/ops/dispatch.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"

namespace arf::ops {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// cos and sin of position * frequency, an angle rounded to T, for positions 0 .. rows - 1.
template <typename T>
struct AngleTable {
  std::vector<double> frequencies;
  std::vector<T> cosine, sine;  // [rows, d / 2]

  void grow(std::int64_t rows) {
    const std::int64_t half = static_cast<std::int64_t>(frequencies.size());
    for (std::int64_t at = static_cast<std::int64_t>(cosine.size()) / half; at < rows; ++at) {
      for (const double frequency : frequencies) {
        const T angle = static_cast<T>(at) * static_cast<T>(frequency);
        cosine.push_back(static_cast<T>(std::cos(static_cast<double>(angle))));
        sine.push_back(static_cast<T>(std::sin(static_cast<double>(angle))));
      }
    }
  }
};

// This thread's table for these frequencies. A model has one set of them; four models a thread
// keep theirs.
template <typename T>
const AngleTable<T>& angle_table(const Tensor& frequencies, std::int64_t rows) {
  constexpr std::size_t kTables = 4;
  thread_local std::list<AngleTable<T>> tables;
  const double* first = data<double>(frequencies);
  const std::vector<double> wanted(first, first + frequencies.numel());
  auto found = tables.begin();
  while (found != tables.end() && found->frequencies != wanted) ++found;
  if (found == tables.end()) {
    if (tables.size() == kTables) tables.pop_back();
    tables.push_front({wanted, {}, {}});
  } else if (found != tables.begin()) {
    tables.splice(tables.begin(), tables, found);
  }
  tables.front().grow(rows);
  return tables.front();
}

Tensor rotate_rows(const Tensor& x, const Tensor& positions, const Tensor& frequencies,
                   bool inverse) {
  Tensor y = at::empty_like(x);
  const std::int32_t* angle = data<std::int32_t>(positions);
  std::int32_t last = -1;
  for (std::int64_t n = 0; n < positions.numel(); ++n) {
    ARF_CHECK(angle[n] >= 0, "row {} has position {}", n, angle[n]);
    last = std::max(last, angle[n]);
  }
  dispatch(x, [&]<typename T>(T) {
    const AngleTable<T>& table = angle_table<T>(frequencies, std::int64_t{last} + 1);
    kernels<T>().rotate(data<T>(x), table.cosine.data(), table.sine.data(), angle, x.size(0),
                        x.size(1), x.size(2), inverse, mutable_data<T>(y));
  });
  return y;
}

class Rope : public torch::autograd::Function<Rope> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& positions,
                        const Tensor& frequencies) {
    context->save_for_backward({positions, frequencies});
    return rotate_rows(x, positions, frequencies, false);
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    return {rotate_rows(slopes[0].contiguous(), saved[0], saved[1], true), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor rope(const Tensor& x, const Tensor& positions, const Tensor& inverse_frequencies) {
  ARF_CHECK(x.dim() == 3 && positions.numel() == x.size(0), "{} positions for x {}",
            positions.numel(), fmt::join(x.sizes(), "x"));
  ARF_CHECK(inverse_frequencies.numel() * 2 == x.size(2) &&
                inverse_frequencies.scalar_type() == at::kDouble &&
                positions.scalar_type() == at::kInt,
            "{} frequencies ({}) for heads of {}, positions {}", inverse_frequencies.numel(),
            c10::toString(inverse_frequencies.scalar_type()), x.size(2),
            c10::toString(positions.scalar_type()));
  if (!x.is_cpu()) return device::rope(x, positions, inverse_frequencies);
  const Tensor xs = x.contiguous(), at = positions.contiguous(),
               frequencies = inverse_frequencies.contiguous();
  if (!needs_graph(xs)) return rotate_rows(xs, at, frequencies, false);
  return Rope::apply(xs, at, frequencies);
}

}  // namespace arf::ops
