// arf doctor: LibTorch, our kernels, HDF5, WordNet, MiniLM, MPI.
#include <mpi.h>
// The extensions want mpi.h before them.
#include <ATen/Parallel.h>
#include <mpi-ext.h>
#include <sys/wait.h>
#include <torch/headeronly/version.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "comm/communicator.h"
#include "core/file.h"
#include "data_io/hdf5_image.h"
#include "data_io/wordnet.h"
#include "model/ops/arithmetic.h"
#include "model/ops/kernels.h"
#include "model/ops/ops.h"
#include "programs/doctor.h"
#include "programs/minilm.h"
#include "programs/version.h"

namespace arf {
namespace {

// Runs `check`, which fills in what it found; what it throws becomes something to mend.
template <typename Check>
Finding guarded(const std::string& what, const std::string& mend, const Check& check) {
  Finding finding{what, "", ""};
  try {
    check(finding);
  } catch (const std::exception& error) {
    finding.found += (finding.found.empty() ? "" : "; ") + std::string(error.what());
    finding.mend = mend;
  }
  return finding;
}

// [rows, columns] of small whole numbers, whose products and sums float32 holds exactly, so that
// every order of summation must give the same bits.
Tensor whole_numbers(std::int64_t rows, std::int64_t columns, std::int64_t step) {
  return at::arange(rows * columns, at::kLong)
      .mul(step)
      .remainder(17)
      .sub(8)
      .to(at::kFloat)
      .reshape({rows, columns});
}

}  // namespace

Finding check_libtorch() {
  return guarded(
      "LibTorch", "run launch/setup.sh again, which fetches LibTorch anew if its folder is removed",
      [](Finding& finding) {
        finding.found =
            fmt::format("{}.{}.{}", TORCH_VERSION_MAJOR, TORCH_VERSION_MINOR, TORCH_VERSION_PATCH);
        const std::int64_t n = 512;
        const Tensor a = whole_numbers(n, n, 5), b = whole_numbers(n, n, 7);
        at::mm(a, b);  // the first call starts threads
        const auto begun = std::chrono::steady_clock::now();
        const Tensor product = at::mm(a, b);
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
        const Tensor exact = at::mm(a.to(at::kDouble), b.to(at::kDouble)).to(at::kFloat);
        if (!at::equal(product, exact)) throw std::runtime_error("a float32 product is wrong");
        finding.found += fmt::format(", a float32 product is exact, {:.0f} GFLOP/s on {} threads",
                                     2e-9 * static_cast<double>(n * n * n) / taken.count(),
                                     at::get_num_threads());
      });
}

Finding check_kernels() {
  return guarded(
      "kernels",
      "report it with the output of `arf --version`: results on this machine cannot be trusted",
      [](Finding& finding) {
        const Tensor x = whole_numbers(9, 200, 5), weight = whole_numbers(70, 200, 3);
        const Tensor expected = at::matmul(x, weight.t());
        const Tensor targets = at::arange(9, at::kInt);
        const Tensor log_probs = at::log_softmax(expected.div(100), 1)
                                     .gather(1, targets.to(at::kLong).unsqueeze(1))
                                     .squeeze(1);
        for (const char* name : {"portable", "avx2", "avx512"}) {
          try {
            ops::use_instruction_set(name);
          } catch (const Error&) {
            continue;  // not on this processor
          }
          if (!at::equal(ops::linear(x, weight), expected))
            throw std::runtime_error(fmt::format("{}: a product is wrong", name));
          const Tensor ours = ops::token_logprobs(x.div(100), {weight}, targets);
          const double off = (ours - log_probs).abs().max().item<double>();
          if (!(off < 1e-4))
            throw std::runtime_error(fmt::format("{}: log-probs are off by {}", name, off));
          finding.found += fmt::format("{}{}", finding.found.empty() ? "" : ", ", name);
        }
        ops::use_instruction_set("");
        finding.found +=
            fmt::format(" agree with LibTorch; arithmetic {}; {}", ops::arithmetic(), build_name());
      });
}

Finding check_hdf5(const std::filesystem::path& directory) {
  return guarded("HDF5",
                 fmt::format("{} must be writable, or name another directory with --output",
                             directory.string()),
                 [&](Finding& finding) {
                   finding.found = hdf5_version();
                   std::vector<std::uint64_t> numbers(1000);
                   for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i * i;
                   Hdf5ImageWriter writer(true);
                   writer.add("numbers", std::span<const std::uint64_t>(numbers));
                   const auto path = directory / fmt::format(".arf-doctor-{}.h5", getpid());
                   write_file_atomically(path, writer.bytes());
                   const std::string image = read_file(path);
                   std::filesystem::remove(path);
                   if (Hdf5ImageReader(image, path.string()).numbers("numbers") != numbers) {
                     throw std::runtime_error("a shard read back is not what was written");
                   }
                   finding.found +=
                       fmt::format(", a shard was written to {} and read back", directory.string());
                 });
}

Finding check_wordnet() {
  Finding finding =
      guarded("WordNet", "install wordnet-base (only `augment` needs it)", [](Finding& found) {
        const WordNet wordnet;
        found.found = fmt::format("{} words in {}", wordnet.num_lemmas(), WordNet::kDirectory);
      });
  finding.needed = false;
  return finding;
}

Finding check_minilm() {
  const std::string folder = minilm_folder().string();
  if (minilm_is_installed()) return {"MiniLM", "in " + folder, "", false};
  return {"MiniLM", "not in " + folder,
          fmt::format("{} installs it: the encoder that `fit-scorer` takes by itself", kGetMiniLm),
          false};
}

Finding check_mpirun() {
  Finding finding{"mpirun", "", "", false};
  if (std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr) {
    finding.found =
        fmt::format("this is one of {} ranks of it", std::getenv("OMPI_COMM_WORLD_SIZE"));
    return finding;
  }
  const bool refuses_root = geteuid() == 0 && std::getenv("OMPI_ALLOW_RUN_AS_ROOT") == nullptr;
  const std::string command =
      "timeout 60 mpirun -np 2 --oversubscribe --bind-to none true >/dev/null 2>&1";
  const int status = refuses_root ? 0 : std::system(command.c_str());
  if (refuses_root) {
    finding.found = "not tried: it refuses to start ranks as root";
    finding.mend =
        "export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1, or be another user";
  } else if (status != 0) {
    finding.found = fmt::format("2 ranks could not be started: exit {}", WEXITSTATUS(status));
    finding.mend = "install openmpi-bin; `mpirun -np 2 true` says more. One rank needs no mpirun";
  } else {
    finding.found = "2 ranks were started and ended";
  }
  return finding;
}

Finding check_mpi() {
  return guarded("MPI", "install libopenmpi-dev and openmpi-bin", [](Finding& finding) {
    const MpiSession session;
    const Communicator world = Communicator::world();
    int level = MPI_THREAD_SINGLE, length = 0;
    MPI_Query_thread(&level);
    char version[MPI_MAX_LIBRARY_VERSION_STRING];
    MPI_Get_library_version(version, &length);
    const std::string name(version, static_cast<std::size_t>(length));
    std::int64_t ones[] = {1};
    world.sum(ones);
    if (ones[0] != world.size()) throw std::runtime_error("a sum over the ranks is wrong");
    finding.found =
        fmt::format("{}, thread level {}, {} CUDA, a sum over {} ranks is right",
                    name.substr(0, name.find(',')),
                    level == MPI_THREAD_FUNNELED ? "funneled" : fmt::format("{}", level),
                    MPIX_Query_cuda_support() != 0 ? "with" : "without", world.size());
  });
}

}  // namespace arf
