#!/bin/bash
# Installs what is missing, builds, and runs every test under CTest; the last line is
# `N passed, M failed`. What is there already is reused. Arguments go to ctest:
#   tests/run.sh            everything
#   tests/run.sh -R comm    the tests whose name matches
set -u
source "$(dirname "${BASH_SOURCE[0]}")/../launch/setup.sh"
started=$SECONDS

[ -d "$arf_source/../shared/data" ] ||
  echo "run.sh: ../shared/data is not there: tests on public data say so and check nothing" >&2
set_up cpu
build_arf cpu
built=$SECONDS

# Tests run side by side, so each takes one core; and a thread that waits must not burn one.
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
log=$arf_source/build/ctest.log
ctest --test-dir "$arf_source/build" -j "$(nproc)" --output-on-failure --no-tests=error "$@" \
  </dev/null 2>&1 | tee "$log"
code=${PIPESTATUS[0]}

total=$(sed -n 's/.* tests failed out of \([0-9]*\)$/\1/p' "$log" | tail -n 1)
failed=$(sed -n 's/.*tests passed, \([0-9]*\) tests failed out of.*/\1/p' "$log" | tail -n 1)
echo "set-up and build $((built - started)) s, tests $((SECONDS - built)) s"
if [ -z "$total" ]; then
  echo "run.sh: ctest ran no test (exit $code); see above" >&2
  exit 1
fi
echo "$((total - failed)) passed, $failed failed"
exit "$code"
