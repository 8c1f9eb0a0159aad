#!/bin/bash
# A command that works on one rank is refused under mpirun, and said so once. usage: ranks.sh ARF
set -u
arf=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
echo '{"question":"q","answer":"a"}' >in.jsonl
mpirun -np 2 "$arf" import --import.format gsm8k --import.input in.jsonl --output c >out 2>err
code=$?
[ "$code" = 2 ] || { echo "exit $code, not 2"; cat out err; exit 1; }
[ ! -e c ] || { echo "a corpus was made"; exit 1; }
[ "$(grep -c 'runs on one rank, and here are 2; start it without mpirun' err)" = 1 ] ||
  { echo "the reason is not said once:"; cat err; exit 1; }
mpirun -np 1 "$arf" import --import.format gsm8k --import.input in.jsonl --output c >out 2>err ||
  { echo "one rank is refused, too"; cat out err; exit 1; }
