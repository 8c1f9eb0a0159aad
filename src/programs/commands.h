// The subcommands. Each is one file of this folder: it declares its options, checks them and
// calls the folder that does the work.
#pragma once

#include <string>
#include <vector>

namespace arf {

using Arguments = std::vector<std::string>;  // what stands after the command's name

int run_simulate(const Arguments& arguments);
int run_import(const Arguments& arguments);
int run_fit_tokenizer(const Arguments& arguments);
int run_fit_scorer(const Arguments& arguments);
int run_label(const Arguments& arguments);
int run_augment(const Arguments& arguments);
int run_track(const Arguments& arguments);
int run_train(const Arguments& arguments);
int run_experiment(const Arguments& arguments);
int run_evaluate(const Arguments& arguments);
int run_generate(const Arguments& arguments);
int run_score(const Arguments& arguments);
int run_tokenize(const Arguments& arguments);
int run_logprobs(const Arguments& arguments);
int run_export(const Arguments& arguments);
int run_inspect(const Arguments& arguments);
int run_compare(const Arguments& arguments);
int run_doctor(const Arguments& arguments);

struct Command {
  const char* name;
  int (*run)(const Arguments&);
  const char* summary;
  bool takes_ranks = false;  // whether it may be one of several processes under mpirun
};
const std::vector<Command>& commands();

}  // namespace arf
