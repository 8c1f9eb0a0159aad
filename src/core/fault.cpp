#include "core/fault.h"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>

#include "core/error.h"
#include "core/unit_scope.h"

namespace arf {
namespace {

struct Fault {
  std::string kind;
  std::int64_t rank = -1, iteration = -1, phase = -1, unit = -1, ms = 100;  // -1: any
  std::int32_t roles = 0;                                                   // one of these; 0: any
  std::atomic<bool> spent = false;  // by one of a rank's threads
};

std::unique_ptr<Fault> planned;

const std::map<std::string, Phase> kPhases = {
    {"start", Phase::kStart},       {"load", Phase::kLoad},
    {"generate", Phase::kGenerate}, {"score", Phase::kScore},
    {"learn", Phase::kLearn},       {"sync", Phase::kSync},
    {"record", Phase::kRecord},     {"checkpoint", Phase::kCheckpoint},
    {"finish", Phase::kFinish}};

const std::map<std::string, std::int32_t> kRoles = {
    {"generator", kGeneratorRole}, {"scorer", kScorerRole}, {"learner", kLearnerRole}};

std::int64_t number_in(const std::string& value, const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < 0) {
    usage_error("ARF_FAULT is `{}`: `{}` is no number", text, value);
  }
  return number;
}

void read_condition(const std::string& condition, const std::string& text, Fault* fault) {
  const std::size_t equals = condition.find('=');
  const std::string key = condition.substr(0, equals),
                    value = equals == std::string::npos ? "" : condition.substr(equals + 1);
  const std::map<std::string, std::int64_t*> numbers = {{"rank", &fault->rank},
                                                        {"iteration", &fault->iteration},
                                                        {"unit", &fault->unit},
                                                        {"ms", &fault->ms}};
  if (key == "phase" && kPhases.contains(value)) {
    fault->phase = static_cast<std::int64_t>(kPhases.at(value));
  } else if (key == "role" && kRoles.contains(value)) {
    fault->roles |= kRoles.at(value);
  } else if (numbers.contains(key)) {
    *numbers.at(key) = number_in(value, text);
  } else {
    usage_error("ARF_FAULT is `{}`: `{}` is no condition known here", text, condition);
  }
}

bool holds(const Fault& fault) {
  const Activity& now = activity();
  const auto fits = [](std::int64_t wanted, std::int64_t is) { return wanted < 0 || wanted == is; };
  if (fault.roles != 0 && (fault.roles & now.roles) == 0) return false;
  return fits(fault.rank, now.rank) && fits(fault.iteration, now.iteration) &&
         fits(fault.phase, now.phase) && fits(fault.unit, unit_of_thread());
}

}  // namespace

void read_faults() {
  const char* const value = std::getenv("ARF_FAULT");
  if (value == nullptr || *value == '\0') return;
  const std::string text = value;
  auto fault = std::make_unique<Fault>();
  const std::size_t colon = text.find(':');
  fault->kind = text.substr(0, colon);
  const std::string known = " kill crash throw hang stop slow flip ";
  if (known.find(" " + fault->kind + " ") == std::string::npos) {
    usage_error(
        "ARF_FAULT is `{}`: it begins with none of kill, crash, throw, hang, stop, slow, flip",
        text);
  }
  for (std::size_t at = colon; at != std::string::npos;) {
    const std::size_t comma = text.find(',', at + 1);
    read_condition(text.substr(at + 1, comma - at - 1), text, fault.get());
    at = comma;
  }
  planned = std::move(fault);
}

void meet_faults() {
  if (!planned || planned->spent || planned->kind == "flip" || !holds(*planned)) return;
  if (planned->kind == "slow") {
    ::usleep(static_cast<useconds_t>(1000 * planned->ms));
    return;
  }
  if (planned->spent.exchange(true)) return;
  if (planned->kind == "kill") ::raise(SIGKILL);
  if (planned->kind == "crash") ::raise(SIGSEGV);
  if (planned->kind == "stop") ::raise(SIGSTOP);
  if (planned->kind == "throw") throw std::runtime_error("a fault on purpose (ARF_FAULT)");
  for (;;) ::pause();  // hang
}

void meet_bit_flips(void* bytes, std::size_t size) {
  if (!planned || planned->spent || planned->kind != "flip" || size == 0 || !holds(*planned))
    return;
  if (planned->spent.exchange(true)) return;
  static_cast<unsigned char*>(bytes)[size / 2] ^= 0x10;
}

}  // namespace arf
