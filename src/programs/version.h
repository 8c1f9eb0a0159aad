// What --help and --version print.
#pragma once

#include <string>

namespace arf {

std::string overview();      // the commands, a line each
std::string version_text();  // version, libraries, instruction sets

}  // namespace arf
