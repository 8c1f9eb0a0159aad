// `arf train`: a policy learns by sft, dpo, ppo or tracebias, on one rank or under mpirun.
#include <cstdio>
#include <filesystem>
#include <memory>

#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "guard/unit_counter.h"
#include "programs/commands.h"
#include "programs/guarded_ranks.h"
#include "programs/train_options.h"
#include "programs/version.h"
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
    std::printf("%s\n", printable_json(result).c_str());
    return;
  }
  std::printf("%-9s %s\nreport    %s/report.html\ndigest    %s\n", kind,
              printable(folder, kUncut).c_str(), printable(settings.run.output, kUncut).c_str(),
              digest.c_str());
}

// Without guardians nobody hands out units one by one.
void hand_out_by_share(TrainSettings* settings, const Options& options) {
  if (settings->hand_out == "dynamic" && options.was_given("roles.hand_out")) {
    usage_error(
        "--roles.hand_out dynamic: guardians hand out the units, and with --run.deadline 0 there "
        "are none; name static, or a deadline");
  }
  settings->hand_out = "static";
}

}  // namespace

int run_train(const Arguments& arguments) {
  TrainSettings settings;
  Options options("train", "Train a policy: sft, dpo, ppo or tracebias.");
  add_train_settings(options, &settings);
  return run_guarded(arguments, &options, settings.run, settings.deadlines, [&](GuardedRank& rank) {
    Communicator& world = rank.world;
    world.agree_or_throw([&] {
      check_train_settings(&settings, world.size());
      if (rank.hub.empty() && world.size() > 1) hand_out_by_share(&settings, options);
      settings.sampling.end_tokens = read_end_tokens(settings.model);
      settings.build = build_name();
    });
    const std::unique_ptr<UnitCounter> counter =
        rank.hub.empty()
            ? std::make_unique<UnitCounter>()
            : std::make_unique<UnitCounter>(rank.hub, world.rank(), rank.deadlines.start);
    TrainingJob job(settings, options, world, counter.get());
    if (world.rank() == 0 && rank.guardian) {
      rank.guardian->keep_failures(
          (std::filesystem::path(settings.run.output) / kFailuresFile).string(), job.inputs_hash());
    }
    const ExitCode code = saying_errors([&] { return job.run(); });
    if (world.rank() == 0 && code == ExitCode::kDone) print_result(settings);
    return code;
  });
}

}  // namespace arf
