#include "evaluation/true_satisfaction.h"

#include "simulation/preference.h"

namespace arf {

std::optional<double> true_satisfaction_if_known(const Dialogue& dialogue,
                                                 const std::string& prompt,
                                                 const std::string& reply) {
  if (dialogue.source != "simulate") return std::nullopt;
  return true_satisfaction(prompt, reply);
}

}  // namespace arf
