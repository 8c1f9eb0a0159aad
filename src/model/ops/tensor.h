// The narrow part of LibTorch that the sources see; its headers are precompiled once for all
// targets (launch/folders.cmake names them, too).
#pragma once

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"

namespace arf {
using Tensor = at::Tensor;
}  // namespace arf
