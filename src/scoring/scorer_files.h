// What a scorer's folder holds beside its encoder: names of the head's tensors, its part of
// config.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace arf {

inline constexpr const char* kHeadPrefix = "arf_scorer.";
inline constexpr const char* kMlpWeight = "arf_scorer.mlp.weight";
inline constexpr const char* kMlpBias = "arf_scorer.mlp.bias";
inline constexpr const char* kOutWeight = "arf_scorer.out.weight";
inline constexpr const char* kOutBias = "arf_scorer.out.bias";

std::map<std::string, std::vector<std::int64_t>> head_shapes(std::int64_t hidden,
                                                             std::int64_t mlp_hidden);

// config.json's arf_scorer.mlp_hidden. input_error where the folder is no scorer's, or its head is
// of another kind.
std::int64_t read_mlp_hidden(const std::filesystem::path& directory);

// True where the folder's config.json says that it is a scorer's.
bool is_scorer(const std::filesystem::path& directory);

// What --scorer.path may name: a scorer's folder, or a run's (`fit-scorer`, `track`) that holds
// scorer/. Returns the scorer's folder. input_error where it is neither.
std::filesystem::path find_scorer(const std::filesystem::path& path);
// The files of which a scorer is made; of no path, none.
std::vector<std::filesystem::path> scorer_files(const std::filesystem::path& path);

}  // namespace arf
