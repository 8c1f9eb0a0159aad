#include "experiments/follow_ups.h"

#include "core/error.h"
#include "data_io/corpus.h"

namespace arf {

std::uint64_t write_follow_ups(const std::filesystem::path& from, const std::string& source,
                               const std::filesystem::path& to) {
  CorpusWriter writer(to);
  CorpusReader(from).for_each([&](std::uint64_t, const Dialogue& dialogue) {
    for (std::size_t i = 0; i + 1 < dialogue.turns.size(); ++i) {
      const Turn& response = dialogue.turns[i];
      const Turn& next = dialogue.turns[i + 1];
      if (response.role != TurnRole::kAssistant || !response.satisfaction) continue;
      if (next.role != TurnRole::kUser) continue;
      Dialogue row;
      row.id = fmt::format("{}-{}", dialogue.id, i + 1);
      row.source = source;
      row.task = "follow_up";
      row.provenance = dialogue.provenance;
      row.provenance.parent = dialogue.id;
      row.turns.push_back({TurnRole::kUser, next.text, response.satisfaction, {}});
      writer.add(row);
    }
  });
  if (writer.rows() == 0) {
    input_error("{}: no user's turn follows a response that has a satisfaction", from.string());
  }
  writer.finish();
  return writer.rows();
}

}  // namespace arf
