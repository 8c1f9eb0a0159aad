// What decides the bits of a result on this machine, beside the program and its inputs.
#pragma once

#include <cstdint>
#include <string>

namespace arf::ops {

// The name of our kernels' instruction set and a hash of what LibTorch and the C library make of
// fixed inputs, e.g. "avx2-0123456789abcdef": machines whose texts differ cannot share a run. The
// set alone does not tell: backward products are MKL's, which chooses its code by the processor's
// maker and by variables such as MKL_CBWR. Some hundredths of a second, once a process.
std::string arithmetic();
// The hash, found anew: the same at any time, on any thread, under any of our instruction sets.
std::uint64_t try_arithmetic();

}  // namespace arf::ops
