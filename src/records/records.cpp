// The records are plain structs; this file gives their target an object to link.
#include "records/dialogue.h"
#include "records/rollout.h"
