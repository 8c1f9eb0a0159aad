// What a finished training run leaves: the adapter or model, the report, the hashes.
#pragma once

#include "core/json.h"
#include "data_io/run_directory.h"
#include "model/policy.h"
#include "roles/run_log.h"
#include "roles/train_settings.h"
#include "roles/training_data.h"
#include "scoring/scorer.h"
#include "text/tokenizer.h"

namespace arf {

// SHA-256 of the model's weights and of its other files that decide results; the weights' is what
// `arf inspect` prints.
Json model_hashes(const ModelSettings& model, const Tokenizer& tokenizer);
Json scorer_hashes(const std::string& path);  // the same of a scorer; of no path, nothing
// The files that are read for a model and that model_hashes opens.
std::vector<std::filesystem::path> model_files(const ModelSettings& model);

// DIR/adapter in PEFT's layout, or DIR/model (with the tokenizer) at lora.rank 0; report.html;
// trace.json; the digest in the manifest. The report's samples have rewards where there is a
// scorer. Safe to do again after a kill.
void write_result(const TrainSettings& settings, const Tokenizer& tokenizer,
                  const ChatTemplate& chat, const Decoder& base, const Policy& policy,
                  const TrainingData& data, const Scorer* scorer, const RunLog& log,
                  RunDirectory* directory);

// adapter/ or model/ of a run.
std::filesystem::path result_folder(const TrainSettings& settings);

}  // namespace arf
