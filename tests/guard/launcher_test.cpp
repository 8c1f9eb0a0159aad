#include "guard/launcher.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

using namespace arf;

namespace {

// What says who a rank is, until its end.
struct Variable {
  const char* name;
  Variable(const char* of, const char* value) : name(of) { ::setenv(of, value, 1); }
  ~Variable() { ::unsetenv(name); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(launcher_test)

BOOST_AUTO_TEST_CASE(ARankIsKnownBeforeMpiHasStarted) {
  BOOST_TEST(launched_rank() == 0);
  const Variable rank("OMPI_COMM_WORLD_RANK", "3");
  BOOST_TEST(launched_rank() == 3);
}

// Slurm's own start, with PMIx or without. Below mpirun its variables are of another step.
BOOST_AUTO_TEST_CASE(SoIsOneThatSlurmHasStarted) {
  const Variable step("SLURM_PROCID", "2"), place("SLURM_LOCALID", "1");
  BOOST_TEST(launched_rank() == 2);
  BOOST_TEST(!speaks_of_hub(2));
  const Variable pmix("PMIX_RANK", "5");
  BOOST_TEST(launched_rank() == 5);
  const Variable mpirun("OMPI_COMM_WORLD_RANK", "3"), beside("OMPI_COMM_WORLD_LOCAL_RANK", "0");
  BOOST_TEST(launched_rank() == 3);
  BOOST_TEST(speaks_of_hub(3));
}

BOOST_AUTO_TEST_CASE(OneGuardianOfAHostSaysThatTheHubIsGone) {
  {
    const Variable place("OMPI_COMM_WORLD_LOCAL_RANK", "1");  // beside rank 0
    BOOST_TEST(speaks_of_hub(1));
    BOOST_TEST(!speaks_of_hub(5));
  }
  const Variable place("OMPI_COMM_WORLD_LOCAL_RANK", "0");  // of another host
  BOOST_TEST(speaks_of_hub(4));
}

BOOST_AUTO_TEST_SUITE_END()
