// The keys --model.* that several commands share.
#pragma once

#include "config/options.h"
#include "model/model_folder.h"

namespace arf {

void add_model_settings(Options& options, ModelSettings* settings);
void add_chat_settings(Options& options, ModelSettings* settings);  // for commands that chat

}  // namespace arf
