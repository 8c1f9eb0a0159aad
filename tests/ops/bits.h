// Equal bits of two tensors, and the loop over the instruction sets that this processor has.
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <functional>

#include "core/error.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"

namespace arf::test {

inline bool same_bits(const Tensor& a, const Tensor& b) {
  const Tensor x = a.detach().contiguous(), y = b.detach().contiguous();
  return x.sizes() == y.sizes() && x.scalar_type() == y.scalar_type() &&
         (x.numel() == 0 || std::memcmp(x.data_ptr(), y.data_ptr(), x.nbytes()) == 0);
}

// Runs the body under every instruction set that this processor has; says which it has not.
inline void under_each_instruction_set(const std::function<void()>& body) {
  for (const char* name : {"portable", "avx2", "avx512"}) {
    try {
      ops::use_instruction_set(name);
    } catch (const Error&) {
      BOOST_TEST_MESSAGE("this processor has no " << name << ": left out");
      continue;
    }
    BOOST_TEST_CONTEXT(name) { body(); }
  }
  ops::use_instruction_set("");
}

}  // namespace arf::test
