#pragma once

#include <string>

namespace arf {

std::string host_name();  // "unnamed" where it has none

}  // namespace arf
