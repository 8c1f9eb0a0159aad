// The methods, one file each; make_method picks by name.
#pragma once

#include <memory>

#include "learning/method.h"

namespace arf {

std::unique_ptr<Method> make_sft(const MethodSettings& settings);
std::unique_ptr<Method> make_dpo(const MethodSettings& settings);
std::unique_ptr<Method> make_ppo(const MethodSettings& settings);
std::unique_ptr<Method> make_tracebias(const MethodSettings& settings);  // usage_error: variant

}  // namespace arf
