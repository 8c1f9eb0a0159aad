// What --help and --version print.
#pragma once

#include <string>

namespace arf {

extern const char* const kCommit;  // of this program; launch/commit.cmake writes it

std::string overview();  // the commands, a line each
// What decides bits of this program beside its inputs: "arf 0.1.0 (1a2b3c4), build 0123456789ab,
// LibTorch 2.11.0".
std::string build_name();
std::string version_text();      // version, commit, libraries, instruction sets
std::string instruction_sets();  // of this processor that kernels know, e.g. "avx2 fma avx512f"

}  // namespace arf
