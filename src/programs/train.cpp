// `arf train`: a policy learns by sft, dpo, ppo or tracebias, on one rank or under mpirun.
#include <ATen/Parallel.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "comm/communicator.h"
#include "core/activity.h"
#include "core/fault.h"
#include "core/log.h"
#include "guard/guardian.h"
#include "guard/unit_counter.h"
#include "programs/commands.h"
#include "programs/train_options.h"
#include "roles/training_job.h"
#include "roles/training_result.h"

namespace arf {
namespace {

void print_result(const TrainSettings& settings) {
  const Json manifest = read_json(std::filesystem::path(settings.run.output) / "manifest.json");
  const auto digest = manifest.at("digest").get<std::string>();
  const std::string folder = result_folder(settings).string();
  const char* kind = settings.lora.rank > 0 ? "adapter" : "model";
  if (settings.run.json) {
    const Json result = {{"output", settings.run.output},
                         {kind, folder},
                         {"iterations", settings.iterations},
                         {"digest", digest}};
    std::printf("%s\n", result.dump().c_str());
    return;
  }
  std::printf("%-9s %s\nreport    %s/report.html\ndigest    %s\n", kind, folder.c_str(),
              settings.run.output.c_str(), digest.c_str());
}

// This rank, as its guardian would name it.
std::string own_text() { return rank_text(activity().rank, host_name(), sighting_of(activity())); }

// How the hub is reached; empty for one rank, which needs none.
std::string join_guardian(const Guardian& guardian, const Communicator& world) {
  activity().rank = world.rank();
  std::vector<std::byte> hub;
  if (world.size() > 1) {
    world.agree_or_throw([&] {
      if (world.rank() != 0) return;
      const std::string address = guardian.become_hub();
      const auto* const first = reinterpret_cast<const std::byte*>(address.data());
      hub.assign(first, first + address.size());
    });
    world.broadcast(&hub, 0);
  }
  const std::string address(reinterpret_cast<const char*>(hub.data()), hub.size());
  guardian.join(world.rank(), world.size(), address);
  return address;
}

}  // namespace

int run_train(const Arguments& arguments) {
  TrainSettings settings;
  Options options("train", "Train a policy: sft, dpo, ppo or tracebias.");
  add_train_settings(options, &settings);
  if (!options.parse(arguments)) return 0;
  read_faults();
  const Guardian guardian = Guardian::begin(settings.deadlines, settings.run.log_format);
  MpiSession session;
  Communicator world = Communicator::world();
  const std::string hub = join_guardian(guardian, world);
  start_log(settings.run.log_format, world.rank());
  at::set_num_threads(1);
  catch_stop_signals();
  world.agree_or_throw([&] {
    check_train_settings(&settings, world.size());
    settings.sampling.end_tokens = read_end_tokens(settings.model);
  });
  ExitCode code = ExitCode::kDone;
  try {
    const std::unique_ptr<UnitCounter> counter =
        hub.empty() ? std::make_unique<UnitCounter>()
                    : std::make_unique<UnitCounter>(hub, world.rank(), settings.deadlines.start);
    TrainingJob job(settings, options, world, counter.get());
    if (world.rank() == 0) {
      guardian.keep_failures((std::filesystem::path(settings.run.output) / kFailuresFile).string());
    }
    code = job.run();
  } catch (const Error& error) {
    if (error_is_agreed || error_is_shared) throw;
    throw Error(error.code(), lost_verdict(own_text(), error.what()).sentence);
  } catch (const std::exception& error) {
    throw Error(ExitCode::kLost, lost_verdict(own_text(), error.what()).sentence);
  }
  if (world.rank() == 0 && code == ExitCode::kDone) print_result(settings);
  return static_cast<int>(code);
}

}  // namespace arf
