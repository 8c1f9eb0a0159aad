#include "model/one_thread.h"

#include <ATen/Parallel.h>

namespace arf {

void use_one_thread() {
  thread_local bool done = false;
  if (!done) at::set_num_threads(1);
  done = true;
}

}  // namespace arf
