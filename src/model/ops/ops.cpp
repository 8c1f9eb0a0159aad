#include "model/ops/ops.h"
