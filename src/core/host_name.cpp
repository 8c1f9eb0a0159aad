#include "core/host_name.h"

#include <unistd.h>

namespace arf {

std::string host_name() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name[0] ? name : "unnamed";
}

}  // namespace arf
