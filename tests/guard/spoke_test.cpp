// A guardian that talks to the hub, over real sockets of one process.
#include "guard/spoke.h"

#include <poll.h>

#include <boost/test/unit_test.hpp>

#include "core/error.h"
#include "guard/hub.h"

using namespace arf;

namespace {

constexpr Deadlines kDeadlines{10, 100};

Sighting learning() {
  Sighting seen;
  seen.phase = Phase::kLearn;
  seen.iteration = 3;
  return seen;
}

// Rank 1's, of two; what it says is read line by line, or by a hub.
struct World {
  LineListener listener;
  double now = 0;
  Spoke spoke;

  explicit World(const std::string& addresses = "127.0.0.1")
      : spoke(fmt::format("{} secret {}", listener.port(), addresses), 1, "there", kDeadlines, 0) {}

  // Some looks; times go by as in a guardian's life, what is on its way arrives in between.
  std::optional<Verdict> look(int times = 15) {
    for (int i = 0; i < times; ++i) {
      now += 0.02;
      if (auto verdict = spoke.look(learning(), now)) return verdict;
      ::poll(nullptr, 0, 1);
    }
    return {};
  }
  LineSocket accepted() {
    auto socket = listener.accept();
    BOOST_REQUIRE(socket.has_value());
    return std::move(*socket);
  }
  // A hub's connection that has answered.
  LineSocket greeted() {
    look(3);
    LineSocket hub = accepted();
    hub.send("alive");
    BOOST_TEST(!look(5));
    hub.exchange();
    return hub;
  }
};

bool names_the_hub(const std::optional<Verdict>& verdict) {
  return verdict && verdict->code == 5 &&
         verdict->sentence.starts_with(
             "rank 0, as rank 1 (no role yet, host there), learning in "
             "iteration 3 finds: is not heard of any more");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(spoke_test)

BOOST_AUTO_TEST_CASE(ItSaysWhoItIsAndOnceItIsAnsweredWhatItSees) {
  World world;
  BOOST_TEST(!world.look());
  LineSocket hub = world.accepted();
  BOOST_TEST((hub.exchange() == std::vector<std::string>{"hello secret 1 there"}));
  BOOST_TEST(!world.spoke.is_heard());
  hub.send("alive");
  BOOST_TEST(!world.look());
  BOOST_TEST(world.spoke.is_heard());
  const auto lines = hub.exchange();
  BOOST_REQUIRE(!lines.empty());
  BOOST_TEST(lines.front() == state_line(learning()));
  BOOST_TEST(lines.size() <= 3);  // in 0.3 s
}

BOOST_AUTO_TEST_CASE(ItTriesTheHubsAddressesInTurn) {
  World world("none ::1:not 127.0.0.1");
  BOOST_TEST(!world.look(40));
  BOOST_TEST((world.accepted().exchange() == std::vector<std::string>{"hello secret 1 there"}));
}

BOOST_AUTO_TEST_CASE(TheHubsWordEndsTheJobWithItsCode) {
  World world;
  LineSocket hub = world.greeted();
  hub.send("end 4");
  const auto verdict = world.look();
  BOOST_REQUIRE(verdict.has_value());
  BOOST_TEST(verdict->code == 4);
  BOOST_TEST(verdict->sentence.empty());
}

BOOST_AUTO_TEST_CASE(AHubThatClosesOrIsSilentIsGone) {
  for (const bool closes : {true, false}) {
    World world;
    LineSocket hub = world.greeted();
    if (closes) hub.close();
    if (!closes) {
      world.now += 9;
      BOOST_TEST(!world.look(1));
      world.now += 2;
    }
    BOOST_TEST(names_the_hub(world.look()));
  }
}

BOOST_AUTO_TEST_CASE(OneThatNeverAnswersIsGoneAfterTheDeadlineOfTheStart) {
  World world;
  world.now = 99;
  BOOST_TEST(!world.look(3));
  world.now = 101;
  BOOST_TEST(names_the_hub(world.look(1)));
}

BOOST_AUTO_TEST_CASE(AHubThatTookLeaveIsNotMissed) {
  World world;
  LineSocket hub = world.greeted();
  hub.send("leave");
  BOOST_TEST(!world.look());
  hub.close();
  world.now += 50;
  BOOST_TEST(!world.look());
  BOOST_TEST(world.spoke.has_left());
  BOOST_TEST(!world.spoke.is_heard());
}

BOOST_AUTO_TEST_CASE(TheHubHearsHowTheWorkerEnded) {
  for (const bool crashed : {true, false}) {
    World world;
    Hub hub(&world.listener, "secret", 2, kDeadlines, 0);
    std::optional<Verdict> verdict;
    const auto both_look = [&] {
      for (int i = 0; i < 10; ++i) {
        world.look(1);
        if (!verdict) verdict = hub.look("here", {}, world.now);
      }
    };
    both_look();
    BOOST_TEST(world.spoke.is_heard());
    BOOST_TEST(!verdict);
    Sighting last = learning();
    last.suspects = {7};
    crashed ? world.spoke.say_killed(11, last) : world.spoke.say_exit(1, last);
    both_look();
    world.now += 10;  // in which a rank that left by itself has said its own sentence
    both_look();
    BOOST_REQUIRE((verdict && verdict->at));
    BOOST_TEST(verdict->code == (crashed ? 5 : 1));
    BOOST_TEST((verdict->at->suspects == std::set<std::int64_t>{7}));
    BOOST_TEST((verdict->sentence.find("last unit 7: was killed by signal 11") !=
                std::string::npos) == crashed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
