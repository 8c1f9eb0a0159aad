#!/bin/bash
# Builds with sanitizers and runs the tests under them: `address` (addresses, undefined behaviour;
# every test) or `thread` (races; the tests of what has threads). The build takes as long as three of
# the usual ones, the tests some five times as long. Further arguments go to ctest.
#   tests/sanitize.sh address|thread [CTEST ARGUMENTS...]
set -u
kind=${1:-}
case $kind in
  address) preset=sanitize selected=() ;;
  thread) preset=sanitize-threads
    selected=(-R '^(core|guard|ops|generation|scoring|learning|roles|model|data_io)/|layouts|deadlines') ;;
  *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
shift
[ $# -eq 0 ] || selected=("$@")
source "$(dirname "${BASH_SOURCE[0]}")/../launch/setup.sh"
set_up cpu
build_arf "$preset"

# Open MPI and LibTorch are not instrumented: what they keep until the end is no leak of ours, their
# locks are not seen (OpenMP's among them), and what tests preload comes before the sanitizer.
export ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0:detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1:second_deadlock_stack=1:suppressions=$arf_source/tests/sanitize_threads.supp
export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
ctest --test-dir "$arf_source/build-$preset" -j "$(nproc)" --output-on-failure --no-tests=error \
  --timeout 3000 "${selected[@]}" </dev/null
