#!/bin/bash
# fit-scorer under mpirun: the bytes of one rank, also where it is stopped and goes on on fewer.
#   ranks.sh ARF
set -uo pipefail
arf=$1
. "$(dirname "$0")/small_run.sh"

fit+=(--train.iterations 60 --train.checkpoint_every 10 --train.evaluate_every 15 --run.threads 1)
ranks() { mpirun -np "$1" --bind-to none "$arf" "${@:2}"; }
# same RUN: as the run on one rank, to the byte: scorer, temperature, measures, curves.
strip() { sed 's/"seconds[^,}]*//' "$1/metrics.jsonl"; }
measured() { "$arf" inspect "$1" --json >/dev/null; sed -n '/"test": {/,/}/p;/"calibration"/,/}/p' "$1/manifest.json"; }
same() {
  for file in config.json model.safetensors; do
    cmp -s "$work/one/scorer/$file" "$1/scorer/$file" || fail "$1: another $file"
  done
  [ "$(strip "$1")" = "$(strip "$work/one")" ] || fail "$1: other metrics"
  [ -n "$(measured "$1")" ] && [ "$(measured "$1")" = "$(measured "$work/one")" ] || fail "$1: other measures"
}

expect 0 '' "$arf" "${fit[@]}" --output "$work/one"
says 'logits    temperature'
for n in 2 3; do
  expect 0 '' ranks $n "${fit[@]}" --output "$work/of_$n"
  same "$work/of_$n"
done

mpirun -np 3 --bind-to none "$arf" "${fit[@]}" --output "$work/stopped" >/dev/null 2>&1 &
pid=$!
for _ in $(seq 2000); do
  [ -f "$work/stopped/metrics.jsonl" ] && [ "$(wc -l <"$work/stopped/metrics.jsonl")" -ge 20 ] && break
  sleep 0.02
done
kill -USR1 $pid
wait $pid
[ $? = 85 ] || fail 'SIGUSR1 to mpirun does not give exit 85'
expect 0 'going on after iteration' ranks 2 "${fit[@]}" --output "$work/stopped"
same "$work/stopped"

# What is wrong is said once.
expect 2 'train.batch is 0' ranks 2 "${fit[@]}" --train.batch 0 --output "$work/x"
[ "$(grep -c 'arf: error' "$work/err")" = 1 ] || fail "said more than once: $(cat "$work/err")"
expect 3 'nowhere' ranks 2 fit-scorer --corpus.path "$work/nowhere" --scorer.tokenizer \
  "$work/tokenizer" --output "$work/x"
[ "$(grep -c 'arf: error' "$work/err")" = 1 ] || fail "said more than once: $(cat "$work/err")"
[ -e "$work/x" ] && fail 'a command that failed left something behind'

finish
