#include "data_io/score_pieces.h"

#include "core/file.h"
#include "temporary_folder.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(score_pieces_test)

BOOST_AUTO_TEST_CASE(WhatIsWrittenIsRead) {
  const TemporaryFolder folder;
  const ScorePieces pieces(folder.path(), 7);
  const std::vector<Satisfaction> scores = {{0.1f, 0.2f, 0.7f}, {1, 0, 0}};
  pieces.write(12, scores);
  pieces.write(3, {});
  BOOST_TEST((pieces.read(12) == scores));
  BOOST_TEST(pieces.read(3)->empty());
  BOOST_TEST(!pieces.read(4).has_value());
  std::vector<bool> expected(13, false);
  expected[3] = expected[12] = true;
  write_file_atomically(folder / "13", "of other pieces");
  write_file_atomically(folder / "5x", "no piece");
  BOOST_TEST((pieces.present(13) == expected));
  pieces.remove();
  BOOST_TEST(!std::filesystem::exists(folder.path()));
}

BOOST_AUTO_TEST_CASE(DamageAndOtherInputsAreNoScores) {
  const TemporaryFolder folder;
  const ScorePieces pieces(folder.path(), 7);
  const std::vector<Satisfaction> scores = {{0.1f, 0.2f, 0.7f}, {1, 0, 0}};
  pieces.write(1, scores);
  const std::string whole = read_file(folder / "1");
  BOOST_TEST(!ScorePieces(folder.path(), 8).read(1).has_value());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    write_file_atomically(folder / "1", damaged);
    BOOST_TEST(!pieces.read(1).has_value());
    write_file_atomically(folder / "1", whole.substr(0, at));
    BOOST_TEST(!pieces.read(1).has_value());
  }
  write_file_atomically(folder / "2", whole);  // another piece's
  BOOST_TEST(!pieces.read(2).has_value());
  std::filesystem::remove(folder / "1");
  std::filesystem::create_symlink(folder / "2", folder / "1");
  BOOST_TEST(!pieces.read(1).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
