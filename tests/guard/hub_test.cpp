// The hub and guardians that talk to it, over real sockets of one process.
#include "guard/hub.h"

#include <poll.h>

#include <boost/test/unit_test.hpp>
#include <ctime>

#include "core/error.h"
#include "guard/lines.h"

using namespace arf;

namespace {

const std::string kToken = "secret";
constexpr Deadlines kDeadlines{10, 100};

// A hub of two ranks, and connections to it.
struct World {
  LineListener listener;
  Hub hub{&listener, kToken, 2, kDeadlines, 0};
  double now = 0;

  LineSocket connect() { return LineSocket::connect("127.0.0.1", listener.port()); }
  // Some looks, with time for what is on its way; the first verdict.
  std::optional<Verdict> look(int times = 3) {
    for (int i = 0; i < times; ++i) {
      ::poll(nullptr, 0, 5);
      now += 0.02;
      if (auto verdict = hub.look("here", {}, now)) return verdict;
    }
    return {};
  }
};

std::string hello(int rank = 1, const std::string& token = kToken) {
  return fmt::format("hello {} {} there", token, rank);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hub_test)

BOOST_AUTO_TEST_CASE(AGuardianThatGoesAwayIsALostRank) {
  World world;
  LineSocket guardian = world.connect();
  guardian.send(hello());
  BOOST_TEST(!world.look());
  BOOST_TEST((guardian.exchange() == std::vector<std::string>{"alive"}));
  guardian.send(state_line({}));
  BOOST_TEST(!world.look());
  guardian.close();
  const auto verdict = world.look();
  BOOST_REQUIRE(verdict.has_value());
  BOOST_TEST(verdict->code == 5);
  BOOST_TEST(verdict->sentence.find("rank 1") != std::string::npos);
  BOOST_TEST(verdict->sentence.find("host there") != std::string::npos);
}

// One that had no answer in time: its first greeting is still in the queue when it closes.
BOOST_AUTO_TEST_CASE(AGuardianThatConnectsAnewIsNotLost) {
  World world;
  for (int i = 0; i < 3; ++i) {
    LineSocket impatient = world.connect();
    impatient.send(hello());
    ::poll(nullptr, 0, 5);
  }
  BOOST_TEST(!world.look());
  LineSocket guardian = world.connect();
  guardian.send(hello());
  guardian.send(state_line({}));
  BOOST_TEST(!world.look());
  LineSocket again = world.connect();
  again.send(hello());
  again.send(state_line({}));
  BOOST_TEST(!world.look());
  guardian.close();  // the older of two
  BOOST_TEST(!world.look());
  again.close();
  BOOST_TEST(world.look().has_value());
}

BOOST_AUTO_TEST_CASE(StrangersAreTurnedAwayAndTakeNoMemory) {
  World world;
  LineSocket with_another_token = world.connect(), of_no_rank = world.connect(),
             rank_of_the_hub = world.connect();
  with_another_token.send(hello(1, "guess"));
  of_no_rank.send(hello(7));
  rank_of_the_hub.send(hello(0));
  BOOST_TEST(!world.look());
  for (LineSocket* stranger : {&with_another_token, &of_no_rank, &rank_of_the_hub}) {
    BOOST_TEST(stranger->exchange().empty());
    BOOST_TEST(!stranger->is_open());
  }
  // A line without an end is not waited for beyond what is read at one look.
  LineSocket endless = world.connect();
  for (int i = 0; i < 200 && endless.is_open(); ++i) {
    endless.send(std::string(10000, 'x'));
    if (i == 0) world.look();
  }
  world.look();
  endless.exchange();
  BOOST_TEST(!endless.is_open());
}

// They are read a little at a time, and their first wrong line is the last.
BOOST_AUTO_TEST_CASE(AFloodOfEmptyLinesTakesNoTime) {
  World world;
  std::vector<LineSocket> flood;
  for (int i = 0; i < 20; ++i) {
    flood.push_back(world.connect());
    flood.back().send(std::string(60000, '\n'));
  }
  const std::clock_t begin = std::clock();
  BOOST_TEST(!world.look(3));
  BOOST_TEST(double(std::clock() - begin) / CLOCKS_PER_SEC < 0.1);
  for (LineSocket& stranger : flood) {
    stranger.exchange();
    BOOST_TEST(!stranger.is_open());
  }
}

BOOST_AUTO_TEST_CASE(UnitsAreCountedForAllRanksTogether) {
  World world;
  LineSocket a = world.connect(), b = world.connect();
  a.send("counter " + kToken + " 0");
  b.send("counter " + kToken + " 1");
  world.look();
  a.send("take 4");
  world.look();
  b.send("take 4");
  b.send("take 5");
  world.look();
  BOOST_TEST((a.exchange() == std::vector<std::string>{"alive", "unit 0"}));
  BOOST_TEST((b.exchange() == std::vector<std::string>{"alive", "unit 1", "unit 0"}));
}

BOOST_AUTO_TEST_CASE(ARankThatEndsWithItsOwnErrorEndsTheJobWithItsCode) {
  World world;
  LineSocket guardian = world.connect();
  guardian.send(hello());
  world.look();
  guardian.send(state_line({}));
  guardian.send("exit 4");
  BOOST_TEST(!world.look());
  world.now += 10;  // it has said its own sentence by then
  const auto verdict = world.look();
  BOOST_REQUIRE(verdict.has_value());
  BOOST_TEST(verdict->code == 4);
  BOOST_TEST(verdict->sentence.empty());
}

// mpirun ends the ranks as soon as one has failed.
BOOST_AUTO_TEST_CASE(AHubThatIsToEndSaysAtOnceWhichRankFailedAndAtWhat) {
  World world;
  LineSocket guardian = world.connect();
  guardian.send(hello());
  world.look();
  BOOST_TEST(!world.hub.hurried("here", {}, world.now, 5));
  Sighting last;
  last.suspects = {12};
  guardian.send(state_line(last));
  guardian.send("exit 5");
  ::poll(nullptr, 0, 5);
  const auto verdict = world.hub.hurried("here", {}, world.now, 5);
  BOOST_REQUIRE((verdict && verdict->at));
  BOOST_TEST(verdict->code == 5);
  BOOST_TEST((verdict->at->suspects == std::set<std::int64_t>{12}));
}

BOOST_AUTO_TEST_SUITE_END()
