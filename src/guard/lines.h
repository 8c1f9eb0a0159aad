// What guardians say to one another, a line each:
//   to the hub     hello TOKEN RANK HOST     killed SIGNAL            exit CODE
//                  state STEPS PHASE ROLES ITERATION UNIT BEGUN WAITS LOOKS FORESEEN UNIT...
//   from the hub   alive                     end CODE                 leave
// and workers to the hub, on connections of their own:
//   to the hub     counter TOKEN RANK        take ITERATION
//   from the hub   alive                     unit NUMBER
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "guard/watch.h"

namespace arf {

inline constexpr double kTellEvery = 0.2;  // seconds
inline constexpr double kConnecting = 3;   // until the next of the hub's addresses is tried

// How the hub is reached, as Guardian::become_hub gives it: "PORT TOKEN ADDRESS ADDRESS ...".
struct HubAddress {
  std::uint16_t port = 0;
  std::string token;
  std::vector<std::string> addresses;
};
HubAddress read_hub_address(const std::string& text);  // what is none is a defect

std::string state_line(const Sighting& seen);
std::optional<Sighting> read_state(const std::string& line);  // none: is no such line

// The words of a line, parted by single spaces.
std::vector<std::string> words_of(const std::string& line);
std::optional<int> number_of(const std::string& word);  // none: is no number from 0

}  // namespace arf
