// arf doctor: tries everything that a run needs, and says how to mend what is amiss.
#include "programs/doctor.h"

#include <cstdio>
#include <cstdlib>

#include "config/options.h"
#include "core/error.h"
#include "core/json.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "programs/commands.h"

namespace arf {
namespace {

std::vector<Finding> examine(const std::filesystem::path& directory) {
  return {check_cores(),   check_memory(),        check_disk(directory), check_libtorch(),
          check_kernels(), check_hdf5(directory), check_wordnet(),       check_minilm(),
          check_mpirun(),  check_mpi(),           check_gpus()};
}

const char* state(const Finding& finding) {
  if (finding.ok()) return "ok";
  return finding.needed ? "wrong" : "note";
}

void print_text(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    std::printf("%-6s %-9s %s\n", state(finding), finding.what.c_str(), finding.found.c_str());
    if (!finding.ok()) std::printf("%16s -> %s\n", "", finding.mend.c_str());
  }
}

void print_json(const std::vector<Finding>& findings, bool well) {
  Json checks = Json::array();
  for (const Finding& finding : findings) {
    checks.push_back({{"tried", finding.what},
                      {"state", state(finding)},
                      {"ok", finding.ok()},
                      {"needed", finding.needed},
                      {"found", finding.found},
                      {"mend", finding.mend}});
  }
  const Json result = {{"ok", well}, {"checks", checks}};
  std::printf("%s\n", printable_json(result, 2).c_str());
}

// Under mpirun only rank 0 speaks. MPI is not started yet when this is asked.
bool is_first_rank() {
  const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");
  return rank == nullptr || std::string(rank) == "0";
}

}  // namespace

int run_doctor(const Arguments& arguments) {
  std::string directory = std::filesystem::temp_directory_path().string();
  std::string log_format = "text";
  bool json = false;
  Options options("doctor", "check this machine and build; exit 0 if a run can be made, else 4");
  options.add("output", &directory, "",
              "The directory where a run would be written: is it writable?");
  options.add_choice("log.format", &log_format, {"text", "json"}, "Form of the log on stderr.");
  options.add("json", &json, "", "Print the result on stdout as one JSON document.");
  if (!options.parse(arguments)) return 0;
  start_log(log_format, 0);
  const std::vector<Finding> findings = examine(directory);
  bool well = true;
  for (const Finding& finding : findings) well = well && (finding.ok() || !finding.needed);
  if (is_first_rank() && json) print_json(findings, well);
  if (is_first_rank() && !json) print_text(findings);
  return static_cast<int>(well ? ExitCode::kDone : ExitCode::kResource);
}

}  // namespace arf
