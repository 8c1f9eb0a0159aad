#include "scoring/rescored_corpus.h"

#include "data_io/corpus.h"

namespace arf {

std::string write_rescored_corpus(const std::filesystem::path& from, const std::string& digest,
                                  const std::filesystem::path& to,
                                  const std::vector<FeedbackMessage>& messages,
                                  const std::string& scorer_digest) {
  std::filesystem::remove_all(to);
  const CorpusReader reader(from);
  if (reader.digest() != digest) {
    input_error(
        "{}: is another corpus than the one whose messages were followed; bring that one back, and "
        "give the same command again",
        from.string());
  }
  CorpusWriter writer(to);
  std::size_t next = 0;
  reader.for_each([&](std::uint64_t row, const Dialogue& dialogue) {
    Dialogue copy = dialogue;
    for (; next < messages.size() && messages[next].row == row; ++next) {
      const FeedbackMessage& message = messages[next];
      Turn& response = copy.turns.at(message.turn);
      response.satisfaction = message.stored;
      response.history.insert(response.history.end(), message.history.begin(),
                              message.history.end());
    }
    writer.add(copy);
  });
  ARF_CHECK(next == messages.size(), "{} of {} messages found their row", next, messages.size());
  writer.note("rescored_by",
              {{"scorer_digest", scorer_digest}, {"corpus_digest", reader.index().at("digest")}});
  writer.finish();
  return CorpusReader(to).index().at("digest");
}

}  // namespace arf
