// `arf train`: a policy learns by sft, dpo, ppo or tracebias, on one rank or under mpirun.
#include <ATen/Parallel.h>

#include <cstdio>

#include "comm/communicator.h"
#include "core/log.h"
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

}  // namespace

int run_train(const Arguments& arguments) {
  TrainSettings settings;
  Options options("train", "Train a policy: sft, dpo, ppo or tracebias.");
  add_train_settings(options, &settings);
  if (!options.parse(arguments)) return 0;
  MpiSession session;
  Communicator world = Communicator::world();
  start_log(settings.run.log_format, world.rank());
  at::set_num_threads(1);
  catch_stop_signals();
  world.agree_or_throw([&] {
    check_train_settings(&settings, world.size());
    settings.sampling.end_tokens = read_end_tokens(settings.model);
  });
  TrainingJob job(settings, options, world);
  const ExitCode code = job.run();
  if (world.rank() == 0 && code == ExitCode::kDone) print_result(settings);
  return static_cast<int>(code);
}

}  // namespace arf
