#include "model/ops/packed.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "core/activity.h"
#include "model/ops/dispatch.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"

namespace arf::ops {
namespace {

// A storage is known by its address, which the weak reference keeps from being used again; so a
// weight that died without release_packed can never lend its packed form to a stranger.
struct PackedWeight {
  c10::weak_intrusive_ptr<c10::StorageImpl> storage;
  std::int64_t rows, columns;
  std::uint64_t version;
  const char* instruction_set;
  std::shared_ptr<const Tensor> packed;
};

struct Store {
  std::shared_mutex mutex;
  std::unordered_map<const void*, PackedWeight> weights;  // by the address of the first element
};

Store& store() {
  static Store* store = new Store;  // never destroyed: threads may outlive main's statics
  return *store;
}

std::uint64_t version_of(const Tensor& weight) {
  return weight.is_inference() ? 0 : weight._version();
}

bool describes(const PackedWeight& entry, const Tensor& weight) {
  return entry.storage._unsafe_get_target() == weight.storage().unsafeGetStorageImpl() &&
         entry.rows == weight.size(0) && entry.columns == weight.size(1) &&
         entry.version == version_of(weight) && entry.instruction_set == instruction_set();
}

template <typename T>
void multiply_unpacked(const Tensor& x, const Tensor& weight, const T* bias, Tensor* y) {
  const Kernels<T>& k = kernels<T>();
  const std::int64_t rows = x.size(0), depth = x.size(1), outputs = weight.size(0);
  T* panel = thread_scratch<T>(k.packed_size(k.panel_width, depth));
  for (std::int64_t m = 0; m < outputs; m += k.panel_width) {  // a panel stays in cache
    const std::int64_t width = std::min(k.panel_width, outputs - m);
    k.pack(data<T>(weight) + m * depth, width, depth, panel);
    k.multiply(data<T>(x), rows, depth, panel, bias ? bias + m : nullptr, width,
               mutable_data<T>(*y) + m, outputs);
  }
}

}  // namespace

std::shared_ptr<const Tensor> find_packed(const Tensor& weight) {
  Store& s = store();
  std::shared_lock lock(s.mutex);
  const auto found = s.weights.find(weight.const_data_ptr());
  if (found == s.weights.end() || !describes(found->second, weight)) return nullptr;
  return found->second.packed;
}

bool fit_together(const Tensor& x, const Tensor& weight) {
  return x.scalar_type() == weight.scalar_type() ||
         (x.scalar_type() == at::kFloat && weight.scalar_type() == at::kBFloat16);
}

Tensor multiply_back(const Tensor& dy, const Tensor& weight) {
  note_progress();
  if (weight.scalar_type() != at::kBFloat16) return dy.mm(weight);
  // Widened a part at a time, so that no second copy of the weight stands in memory.
  constexpr std::int64_t kElements = 1 << 20;
  const std::int64_t rows = std::max<std::int64_t>(1, kElements / weight.size(1));
  Tensor dx = at::zeros({dy.size(0), weight.size(1)}, dy.options());
  for (std::int64_t m = 0; m < weight.size(0); m += rows) {
    const std::int64_t some = std::min(rows, weight.size(0) - m);
    dx.addmm_(dy.narrow(1, m, some), weight.narrow(0, m, some).to(dy.scalar_type()));
    note_progress();
  }
  return dx;
}

namespace {

// body(first, count) for parts of `rows` rows of a product with this weight, each of a few seconds
// at most: a large head and many rows must not look like a rank that hangs. Rows do not see each
// other.
template <typename Body>
void in_parts(std::int64_t rows, const Tensor& weight, const Body& body) {
  constexpr std::int64_t kFewest = 64, kMultiplications = 100'000'000'000;
  const std::int64_t most =
      std::max(kFewest, kMultiplications / std::max<std::int64_t>(1, weight.numel()));
  note_progress();
  for (std::int64_t first = 0; first < rows; first += most) {
    body(first, std::min(most, rows - first));
    note_progress();
  }
}

}  // namespace

Tensor multiply_weight(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const std::int64_t width = x.size(1), out = weight.size(0);
  Tensor y = at::empty({x.size(0), out}, x.options());
  if (weight.scalar_type() == at::kBFloat16) {
    const Kernels<float>& k = kernels<float>();
    in_parts(x.size(0), weight, [&](std::int64_t first, std::int64_t count) {
      k.multiply_bfloat16(data<float>(x) + first * width, count, width,
                          static_cast<const std::uint16_t*>(weight.const_data_ptr()),
                          bias.defined() ? data<float>(bias) : nullptr, out,
                          mutable_data<float>(y) + first * out, out,
                          thread_scratch<float>(k.widened_size(width)));
    });
    return y;
  }
  dispatch(x, [&]<typename T>(T) {
    const T* b = bias.defined() ? data<T>(bias) : nullptr;
    if (const auto packed = find_packed(weight)) {
      in_parts(x.size(0), weight, [&](std::int64_t first, std::int64_t count) {
        kernels<T>().multiply(data<T>(x) + first * width, count, width, data<T>(*packed), b, out,
                              mutable_data<T>(y) + first * out, out);
      });
    } else {
      multiply_unpacked<T>(x, weight, b, &y);
    }
  });
  return y;
}

void prepack(const Tensor& weight) {
  if (!weight.is_cpu() || weight.scalar_type() == at::kBFloat16) return;  // taken as they lie
  ARF_CHECK(weight.dim() == 2 && weight.is_contiguous(), "a weight is one [M, K] matrix");
  dispatch(weight, [&]<typename T>(T) {
    const Kernels<T>& k = kernels<T>();
    Tensor packed = at::empty({k.packed_size(weight.size(0), weight.size(1))},
                              weight.options().requires_grad(false));
    k.pack(data<T>(weight), weight.size(0), weight.size(1), mutable_data<T>(packed));
    PackedWeight entry{weight.storage().getWeakStorageImpl(),
                       weight.size(0),
                       weight.size(1),
                       version_of(weight),
                       instruction_set(),
                       std::make_shared<const Tensor>(std::move(packed))};
    std::unique_lock lock(store().mutex);
    store().weights.insert_or_assign(weight.const_data_ptr(), std::move(entry));
  });
}

void release_packed(const Tensor& weight) {
  std::unique_lock lock(store().mutex);
  store().weights.erase(weight.const_data_ptr());
}

}  // namespace arf::ops
