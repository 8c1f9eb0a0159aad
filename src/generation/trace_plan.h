// A dialogue cut into what is given and what is sampled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "records/dialogue.h"
#include "text/chat_template.h"

namespace arf {

// One reply to sample. Example: in "system, user 1, reply 1, user 2, reply 2" the second turn's
// `before` holds the tokens from the end of reply 1 to the start of reply 2.
struct PlannedTurn {
  std::uint32_t turn = 0;             // index in Dialogue::turns of the stored reply
  std::vector<TokenId> before;        // since the last planned turn's reply (or the beginning)
  std::vector<TokenId> stored;        // the stored reply with its end token; empty if there is none
  std::string prompt;                 // the user's text that it answers
  std::optional<float> stored_score;  // reward of the stored reply, eq. 17, if it has one
};

// Of a dialogue in which replies are sampled, and with one behind them, which is turn 65,535: as
// many have random numbers of their own (reply_stream).
inline constexpr std::uint32_t kMostTurns = 65535;
// Cuts a longer one there, with a warning.
void cut_to_most_turns(Dialogue* dialogue);

// Every assistant turn that answers a user turn; and the last turn, where that is a user's and
// either `answer_follow_ups` is set or the dialogue has no stored reply at all.
std::vector<PlannedTurn> plan_trace(const Dialogue& dialogue, const ChatTemplate& chat,
                                    bool answer_follow_ups);

}  // namespace arf
