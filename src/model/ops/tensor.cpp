#include "model/ops/tensor.h"
