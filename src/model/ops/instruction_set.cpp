// Which kernels run: chosen once from the processor, or named for a test.
#include <atomic>
#include <string>

#include "core/error.h"
#include "model/ops/kernels.h"

namespace arf::ops {
namespace avx512 {
extern const Kernels<float> kFloatKernels;
extern const Kernels<double> kDoubleKernels;
}  // namespace avx512
namespace avx2 {
extern const Kernels<float> kFloatKernels;
extern const Kernels<double> kDoubleKernels;
}  // namespace avx2
namespace portable {
extern const Kernels<float> kFloatKernels;
extern const Kernels<double> kDoubleKernels;
}  // namespace portable

namespace {

struct InstructionSet {
  const char* name;
  bool (*available)();
  const Kernels<float>* floats;
  const Kernels<double>* doubles;
};

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
}
bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

const InstructionSet kSets[] = {
    // the widest first
    {"avx512", has_avx512, &avx512::kFloatKernels, &avx512::kDoubleKernels},
    {"avx2", has_avx2, &avx2::kFloatKernels, &avx2::kDoubleKernels},
    {"portable", [] { return true; }, &portable::kFloatKernels, &portable::kDoubleKernels},
};

const InstructionSet* find(const std::string& name) {
  for (const InstructionSet& set : kSets) {
    if ((name.empty() || name == set.name) && set.available()) return &set;
  }
  usage_error("this processor has no instruction set '{}'; avx512, avx2 or portable are known",
              name);
}

std::atomic<const InstructionSet*>& in_use() {
  static std::atomic<const InstructionSet*> set{find("")};
  return set;
}

}  // namespace

template <>
const Kernels<float>& kernels<float>() {
  return *in_use().load(std::memory_order_relaxed)->floats;
}
template <>
const Kernels<double>& kernels<double>() {
  return *in_use().load(std::memory_order_relaxed)->doubles;
}

void use_instruction_set(const char* name) { in_use() = find(name); }

const char* instruction_set() { return in_use().load()->name; }

}  // namespace arf::ops
