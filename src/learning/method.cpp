#include "learning/method.h"

#include "learning/methods.h"

namespace arf {
namespace {

// NaN fails every comparison, so it is refused too.
void require(bool fits, const char* key, double value, const char* range) {
  if (!fits) usage_error("{} is {}; it must be {}", key, value, range);
}

void check(const MethodSettings& s) {
  require(s.gamma > 0 && s.gamma <= 1, "method.gamma", s.gamma, "over 0 and at most 1");
  require(s.clip > 0 && s.clip < 1, "method.clip", s.clip, "between 0 and 1");
  require(s.gae_lambda >= 0 && s.gae_lambda <= 1, "method.gae_lambda", s.gae_lambda, "from 0 to 1");
  require(s.value_coefficient >= 0, "method.value_coefficient", s.value_coefficient, "0 or more");
  require(s.entropy_coefficient >= 0, "method.entropy_coefficient", s.entropy_coefficient,
          "0 or more");
  require(s.kl_coefficient >= 0, "method.kl_coefficient", s.kl_coefficient, "0 or more");
  require(s.epochs >= 1, "method.epochs", s.epochs, "1 or more");
  require(s.beta > 0, "method.beta", s.beta, "over 0");
}

}  // namespace

std::unique_ptr<Method> make_method(const MethodSettings& settings) {
  check(settings);
  if (settings.name == "sft") return make_sft(settings);
  if (settings.name == "dpo") return make_dpo(settings);
  if (settings.name == "ppo") return make_ppo(settings);
  if (settings.name == "tracebias") return make_tracebias(settings);
  usage_error("method.name is `{}`; the methods are sft, dpo, ppo, tracebias", settings.name);
}

}  // namespace arf
