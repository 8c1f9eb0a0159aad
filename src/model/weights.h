// Named tensors of a model folder: reading (one file or shards), drawing at random, writing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "data_io/safetensors_folder.h"
#include "model/ops/tensor.h"

namespace arf {

using Weights = std::map<std::string, Tensor>;
using Shapes = std::map<std::string, std::vector<std::int64_t>>;
// A file's name of a tensor -> ours; "" leaves the tensor out.
using Rename = std::function<std::string(const std::string&)>;

// Of matrices. kStored: bfloat16 where the file holds that, else float32, so that no value changes.
enum class Precision { kFloat32, kBFloat16, kStored };

struct LoadRule {
  Precision precision = Precision::kFloat32;  // vectors (norms, biases) are float32 always
  // Tensors that the file holds at this precision are looked at where it is mapped, by all ranks of
  // a node at one place in memory. They must not be written to, nor the file in place.
  bool mapped = false;
};

// The tensors `expected` of model.safetensors, or of the shards that model.safetensors.index.json
// names (files may hold F32, BF16, F16). input_error: missing, unexpected or misshapen tensors,
// each named.
Weights load_weights(const std::filesystem::path& directory, const Shapes& expected,
                     const Rename& rename, const LoadRule& rule = {});
// The same of one file, as float32 and copied; errors call what `expected` was read from `source`.
Weights load_weights_file(const std::filesystem::path& file, const Shapes& expected,
                          const Rename& rename, const std::string& source);

// Which tensor of the folder each of `expected` is: ours -> the file's. input_error as above.
std::map<std::string, const StoredTensor*> match_tensors(const SafetensorsFolder& folder,
                                                         const Shapes& expected,
                                                         const Rename& rename,
                                                         const std::string& source = "config.json");
// A stored tensor as float32, copied. input_error: a dtype that models do not have.
Tensor read_float32(const std::string& name, const StoredTensor& stored);

// normal(0, 0.02), number i of tensor `name` from RandomStream(seed, kWeights, xxh3(name)); biases
// (".bias") 0, weights of norms ("norm.weight" in any case) 1. input_error: a tensor of more than
// 2^32 - 1 elements; resource_error: more than the machine's memory.
Weights draw_weights(const Shapes& shapes, std::uint64_t seed);

// The bytes of a safetensors file with these tensors as F32.
std::string weights_bytes(const Weights& weights);

// The vector as an int32 tensor [n].
Tensor int_tensor(const std::vector<std::int32_t>& values);

}  // namespace arf
