#!/bin/bash
# kill -9 in the middle of fit-scorer and track, then the same command: the bytes of an undisturbed
# run.
#   resume.sh ARF
set -uo pipefail
arf=$1
. "$(dirname "$0")/small_run.sh"

# kill_after LINES RUN COMMAND...: starts the command and kills it once metrics.jsonl has so many.
kill_after() {
  local lines=$1 run=$2 pid
  shift 2
  "$@" >/dev/null 2>&1 &
  pid=$!
  for _ in $(seq 2000); do
    [ -f "$run/metrics.jsonl" ] && [ "$(wc -l <"$run/metrics.jsonl")" -ge "$lines" ] && break
    kill -0 "$pid" 2>/dev/null || { fail "ended before $lines lines: $*"; return; }
    sleep 0.02
  done
  kill -9 "$pid"
  wait "$pid" 2>/dev/null
}

fit+=(--train.iterations 120 --train.checkpoint_every 10 --train.evaluate_every 20)
expect 0 '' "$arf" "${fit[@]}" --output "$work/undisturbed"
kill_after 25 "$work/killed" "$arf" "${fit[@]}" --output "$work/killed"
[ -e "$work/killed/scorer" ] && fail 'a killed run has a scorer'
expect 3 'no scorer/ (yet)' "$arf" score --scorer.path "$work/killed" </dev/null
expect 2 'another configuration' "$arf" "${fit[@]}" --train.clip 2 --output "$work/killed"
kill_after 60 "$work/killed" "$arf" "${fit[@]}" --output "$work/killed"
expect 0 'going on after iteration' "$arf" "${fit[@]}" --output "$work/killed" --run.threads 1
[ "$(digest_of "$work/killed")" = "$(digest_of "$work/undisturbed")" ] || fail 'fit-scorer: digests'
[ "$(wc -l <"$work/killed/metrics.jsonl")" = 120 ] || fail 'fit-scorer: a line an iteration'
strip() { sed 's/"seconds[^,}]*//' "$1/metrics.jsonl"; }
[ "$(strip "$work/killed")" = "$(strip "$work/undisturbed")" ] || fail 'fit-scorer: metrics differ'

expect 0 '' "$arf" label --corpus.path "$work/corpus" --scorer.path "$work/killed" \
  --output "$work/labelled"
track=("$arf" track --corpus.path "$work/labelled" --scorer.path "$work/undisturbed"
  --track.checkpoint_every 7 --track.rescore_every 200 --track.passes 2)
expect 0 '' "${track[@]}" --output "$work/arf"
kill_after 20 "$work/arf_killed" "${track[@]}" --output "$work/arf_killed"
kill_after 50 "$work/arf_killed" "${track[@]}" --output "$work/arf_killed"
expect 0 'going on after step' "${track[@]}" --output "$work/arf_killed"
[ "$(digest_of "$work/arf_killed")" = "$(digest_of "$work/arf")" ] || fail 'track: digests differ'
[ "$(digest_of "$work/arf_killed/corpus")" = "$(digest_of "$work/arf/corpus")" ] ||
  fail 'track: corpora differ'

# A checkpoint of other inputs is refused.
kill_after 20 "$work/moved" "$arf" "${fit[@]}" --output "$work/moved"
cp -r "$work/corpus" "$work/kept" && rm -r "$work/corpus"
expect 0 '' "$arf" simulate --simulate.dialogues 400 --run.seed 2 --output "$work/corpus"
expect 3 'was made from other inputs' "$arf" "${fit[@]}" --output "$work/moved"
grep -qE '"exit": 3,?$' "$work/moved/manifest.json" || fail 'the manifest has no exit of the run that was refused'

# SIGTERM: a checkpoint, exit 85, and the same command goes on.
"$arf" "${fit[@]}" --output "$work/stopped" >/dev/null 2>&1 &
pid=$!
for _ in $(seq 2000); do [ -s "$work/stopped/metrics.jsonl" ] && break; sleep 0.02; done
kill -TERM "$pid"
wait "$pid"
[ $? = 85 ] || fail 'SIGTERM does not give exit 85'
expect 0 'going on after iteration' "$arf" "${fit[@]}" --output "$work/stopped"

finish
