#include "scoring/head_form.h"

#include <ATen/Dispatch.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.h"
#include "model/config_reader.h"

// Letters of shapes: N tokens, B texts, H hidden size.

namespace arf {
namespace {

// The mean of each text's rows, summed in double in the order of the rows.
struct MeanOfRows : torch::autograd::Function<MeanOfRows> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& hidden,
                        const std::vector<std::int64_t>& offsets) {
    const Tensor hidden_NH = hidden.contiguous();
    const auto batch = static_cast<std::int64_t>(offsets.size()) - 1;
    const std::int64_t width = hidden_NH.size(1);
    const Tensor mean_BH = at::empty({batch, width}, hidden_NH.options());
    std::vector<double> sum(static_cast<std::size_t>(width));
    AT_DISPATCH_FLOATING_TYPES(hidden_NH.scalar_type(), "mean_of_rows", [&] {
      scalar_t* out = mean_BH.data_ptr<scalar_t>();
      for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
        std::fill(sum.begin(), sum.end(), 0.0);
        const scalar_t* row = hidden_NH.data_ptr<scalar_t>() + offsets[b] * width;
        for (std::int64_t i = offsets[b]; i < offsets[b + 1]; ++i, row += width) {
          for (std::size_t h = 0; h < sum.size(); ++h) sum[h] += static_cast<double>(row[h]);
        }
        const auto length = static_cast<double>(offsets[b + 1] - offsets[b]);
        for (const double value : sum) *out++ = static_cast<scalar_t>(value / length);
      }
    });
    context->saved_data["offsets"] = offsets;
    return mean_BH;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto offsets = context->saved_data["offsets"].toIntVector();
    const Tensor grad_BH = gradients[0].contiguous();
    const Tensor grad_NH = at::empty({offsets.back(), grad_BH.size(1)}, grad_BH.options());
    for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
      const std::int64_t length = offsets[b + 1] - offsets[b];
      grad_NH.narrow(0, offsets[b], length)
          .copy_(grad_BH[static_cast<std::int64_t>(b)] / static_cast<double>(length));
    }
    return {grad_NH, Tensor()};
  }
};

// One row a text.
ops::Segments one_each(std::int64_t batch) {
  ops::Segments segments;
  for (std::int32_t b = 0; b <= batch; ++b) segments.offsets.push_back(b);
  return segments;
}

}  // namespace

Pooling pooling_of(const std::string& name) {
  const auto found = std::find(std::begin(kPoolingNames), std::end(kPoolingNames), name);
  ARF_CHECK(found != std::end(kPoolingNames), "no pooling {}", name);
  return static_cast<Pooling>(found - std::begin(kPoolingNames));
}

HeadForm read_head_form(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / "config.json";
  const ConfigReader reader(file);
  const SortedJson& head = reader.field("arf_scorer");
  HeadForm form;
  const SortedJson pooling = head.value("pooling", SortedJson(kPoolingNames[0]));
  const bool known = pooling.is_string() &&
                     std::count(std::begin(kPoolingNames), std::end(kPoolingNames), pooling) == 1;
  if (!known) {
    input_error("{}: arf_scorer.pooling is {}; this version reads {}", file.string(),
                pooling.dump(), fmt::join(kPoolingNames, ", "));
  }
  form.pooling = pooling_of(pooling.get<std::string>());
  const SortedJson temperature = head.value("temperature", SortedJson(1.0));
  if (temperature.is_number()) form.temperature = temperature.get<double>();
  if (!temperature.is_number() || !std::isfinite(form.temperature) || !(form.temperature > 0)) {
    input_error("{}: arf_scorer.temperature is {}; it takes a number above 0", file.string(),
                temperature.dump());
  }
  return form;
}

PooledRows pool_rows(const Tensor& hidden, const ops::Segments& segments, Pooling pooling) {
  if (pooling == Pooling::kTokenLogits) return {hidden, segments};
  const std::int64_t batch = segments.batch();
  const std::vector<std::int64_t> offsets(segments.offsets.begin(), segments.offsets.end());
  for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
    ARF_CHECK(offsets[b] < offsets[b + 1], "text {} has no tokens", b);
  }
  if (pooling == Pooling::kHiddenStates) {
    return {MeanOfRows::apply(hidden, offsets), one_each(batch)};
  }
  const Tensor first_B = at::tensor(at::ArrayRef(offsets).slice(0, offsets.size() - 1), at::kLong);
  return {hidden.index_select(0, first_B), one_each(batch)};
}

}  // namespace arf
