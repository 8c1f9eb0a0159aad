#include "scoring/input_frame.h"

#include <boost/test/unit_test.hpp>

using namespace arf;

namespace {

const InputFrame kFrame{1, {2, 3}, 4};
using Ids = std::vector<TokenId>;

}  // namespace

BOOST_AUTO_TEST_SUITE(input_frame_test)

BOOST_AUTO_TEST_CASE(ATextStandsBetweenBeginAndEnd) {
  BOOST_TEST((frame_text(kFrame, {10, 11}, 8) == Ids{1, 10, 11, 4}));
  BOOST_TEST((frame_text(kFrame, {}, 8) == Ids{1, 4}));
}

BOOST_AUTO_TEST_CASE(ATextThatIsTooLongKeepsItsBeginning) {
  BOOST_TEST((frame_text(kFrame, {10, 11, 12, 13, 14}, 5) == Ids{1, 10, 11, 12, 4}));
}

BOOST_AUTO_TEST_CASE(APairKeepsTheEndsOfBoth) {
  BOOST_TEST((frame_pair(kFrame, {10, 11}, {20}, 12) == Ids{1, 10, 11, 2, 3, 20, 4}));
  // Room for four: two each.
  BOOST_TEST((frame_pair(kFrame, {10, 11, 12, 13}, {20, 21, 22, 23}, 8) ==
              Ids{1, 12, 13, 2, 3, 22, 23, 4}));
}

BOOST_AUTO_TEST_CASE(AShortSideLeavesItsRoomToTheOther) {
  BOOST_TEST((frame_pair(kFrame, {10, 11, 12, 13}, {20}, 8) == Ids{1, 11, 12, 13, 2, 3, 20, 4}));
  BOOST_TEST((frame_pair(kFrame, {10}, {20, 21, 22, 23}, 8) == Ids{1, 10, 2, 3, 21, 22, 23, 4}));
}

BOOST_AUTO_TEST_SUITE_END()
