// Which build of the program this is.
#pragma once

#include <string>

namespace arf {

// The linker's hash of this program in hex digits: of one commit there may be several, by other
// compilers, or with changes that were not committed. Read from memory, since a user may be let to
// run the file and not to read it.
std::string build_id();

}  // namespace arf
