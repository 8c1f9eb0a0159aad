#!/bin/bash
# What is wrong with a command line is said once, on however many ranks it is; a command that works on
# one rank is refused under mpirun. usage: ranks.sh ARF
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

# said_once SENTENCE MPIRUN'S WORDS...: exit 2, and the sentence once, by whichever rank.
said_once() {
  local sentence=$1
  shift
  timeout 60 mpirun "$@" >out 2>err
  code=$?
  [ $code = 2 ] && [ "$(grep -c 'arf: error' err)" = 1 ] && grep -qe "$sentence" err ||
    { echo "mpirun $*: exit $code, not 2, or not said once:"; cat out err; exit 1; }
}
said_once '--bogus is not a key' -np 3 "$arf" train --bogus 1 --output r
said_once 'take 0, or 1 seconds or more' -np 3 "$arf" track --corpus.path c --scorer.path s \
  --run.deadline 0.5 --output r
said_once 'name static, or a deadline' -np 2 "$arf" train --method.name tracebias --model.path m \
  --corpus.path c --scorer.path s --roles.hand_out dynamic --run.deadline 0 --output r
# Where only one rank has an objection, as its files are its own.
said_once '--bogus is not a key' -np 2 "$arf" track --corpus.path c --scorer.path s --output r : \
  -np 1 "$arf" track --bogus 1 --output r
[ ! -e r ] || { echo "a run was made"; exit 1; }
