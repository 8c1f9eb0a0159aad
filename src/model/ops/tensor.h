// The narrow part of LibTorch that the sources see; precompiled once for all targets.
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
