// The commands that an experiment is made of, one after another: each a run of arf in a folder of
// its own, so that a killed experiment goes on where it was.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/json.h"

namespace arf {

struct StepSettings {
  std::string program;  // arf
  int ranks = 1;        // of the commands that run under mpirun
  int threads = 0;      // of each rank (--run.threads)
};

class ExperimentSteps {
 public:
  using Words = std::vector<std::string>;

  ExperimentSteps(std::filesystem::path folder, const StepSettings& settings);

  // What `arf COMMAND WORDS --output FOLDER/NAME --json` prints, or has printed before, noted in
  // FOLDER/NAME.json. Error where it ends with another exit than 0, with that exit (85: it was
  // stopped, and so is the experiment); usage_error where the step was made by other words.
  Json run(const std::string& name, const std::string& command, const Words& words);
  // The same of a command that may run on several ranks.
  Json run_on_ranks(const std::string& name, const std::string& command, const Words& words);

  // A step that is no command: `work` makes what it makes at path(name), whole or not at all, and
  // returns its result; noted as those of commands are. what: all that decides the result.
  Json make(const std::string& name, const std::string& what, const std::function<Json()>& work);

  // The step's folder.
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  // Every step's command line, in order, as a shell takes it (of make(): what it was told).
  const std::vector<std::string>& command_lines() const { return command_lines_; }

 private:
  Json run_words(const std::string& name, const std::string& command, const Words& words,
                 bool on_ranks);

  std::filesystem::path folder_;
  StepSettings settings_;
  std::vector<std::string> command_lines_;
};

}  // namespace arf
