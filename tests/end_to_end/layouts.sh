#!/bin/bash
# The first two promises, on every method: the same digest for every number of ranks, split into
# roles and number of threads, and for a run that was killed and started again on another split.
# usage: layouts.sh [path of arf [all]]
# all: the splits of 1, 2, 3, 4, 6 and 8 ranks below, units handed out both ways, and with slow
# ranks, with staleness 0 and 1; without it some of them, in every test run.
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
. "$(dirname "$0")/small_world.sh"
compared=0 failed=0 extent=${2:-some}

# ranks, threads, generators, scorers, learners (0: all ranks), hand-out, and a fault
some=("1 2 0 0 0 dynamic" "2 1 1 1 1 static" "3 1 1 1 1 dynamic" "4 1 2 0 3 static" "6 1 3 2 1 dynamic slow:rank=5,phase=generate,ms=40")
all=("1 1 0 0 0 static" "2 1 0 0 0 dynamic" "2 2 2 1 1 dynamic" "3 1 2 0 1 dynamic slow:rank=2,phase=generate,ms=40"
  "3 2 3 3 3 static slow:rank=0,phase=score,ms=40" "4 1 0 0 0 dynamic" "4 1 2 1 1 dynamic slow:rank=1,phase=score,ms=40"
  "6 1 0 0 0 static" "6 1 4 1 1 static" "6 1 2 2 2 dynamic slow:rank=1,phase=learn,ms=40" "8 1 0 0 0 dynamic"
  "8 1 5 1 2 dynamic" "8 1 4 2 2 static slow:rank=7,phase=generate,ms=40")
[ "$extent" = all ] && some+=("${all[@]}")

# train OUTPUT RANKS THREADS GENERATORS SCORERS LEARNERS KEYS...
train() {
  local output=$1 ranks=$2 threads=$3 g=$4 s=$5 l=$6
  shift 6
  mpirun -np "$ranks" --bind-to none "$arf" train --model.path base/model \
    --corpus.path augmented --scorer.path scorer --train.batch 12 --train.unit 2 \
    --train.iterations 4 --train.learning_rate 0.01 --generate.max_tokens 12 \
    --train.checkpoint_every 1 --report.samples 0 --run.threads "$threads" \
    --roles.generators "$g" --roles.scorers "$s" --roles.learners "$l" --output "$work/$output" "$@"
}

digest() { "$arf" inspect "$1" --json | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' | head -n 1; }

# expect WHAT RUN WANTED
expect() {
  local is
  is=$(digest "$2")
  compared=$((compared + 1))
  printf '%-46s %-28s %.16s\n' "$method" "$1" "$is"
  if [ -z "$is" ] || [ "$is" != "$3" ]; then
    failed=$((failed + 1)); echo "  WRONG: not $3"
  fi
}

# kill_one OUTPUT: kill -9 of the newest rank, once a checkpoint is there.
kill_one() {
  for _ in $(seq 600); do
    if compgen -G "$1/checkpoints/*/DONE" >/dev/null; then
      pkill -9 -n -f -- "--output $work/$1( |$)" && return 0
    fi
    [ -e "$1/report.html" ] && break
    sleep 0.02
  done
  echo "  $1 ended before it could be killed"
  return 1
}

check_method() {
  method=$*
  method=${method//--method./}
  rm -rf run-*
  quietly train run-one 1 1 0 0 0 "$@"
  local wanted
  wanted=$(digest run-one)
  [ -n "$wanted" ] && [ "$wanted" != "$(digest base)" ] || { failed=$((failed + 1)); echo "no digest"; }
  printf '%-46s %-28s %.16s\n' "$method" "1 1 0 0 0 dynamic" "$wanted"
  local layout ranks threads g s l hand_out fault
  for layout in "${some[@]}"; do
    read -r ranks threads g s l hand_out fault <<<"$layout"
    rm -rf run-other
    ARF_FAULT=$fault quietly train run-other $ranks $threads $g $s $l --roles.hand_out $hand_out "$@"
    expect "${layout%%:*}" run-other "$wanted"
  done
  # Killed on three ranks, gone on with on two.
  train run-killed 3 1 1 1 1 "$@" >log.txt 2>&1 &
  local job=$!
  kill_one run-killed && killed=$((killed + 1))
  wait $job
  if [ ! -e run-killed/report.html ]; then
    quietly train run-killed 2 1 0 0 0 "$@"
  fi
  expect "killed on 3, resumed on 2" run-killed "$wanted"
  if [ "$(sed 's/.*"iteration":\([0-9]*\),.*/\1/' run-killed/metrics.jsonl | tr '\n' ' ')" != "0 1 2 3 " ]; then
    failed=$((failed + 1)); echo "  WRONG: gaps or repeats in metrics.jsonl"
  fi
}

# track OUTPUT RANKS THREADS: one stream, followed by all ranks together.
track() {
  mpirun -np "$2" --bind-to none "$arf" track --corpus.path labelled --scorer.path scorer \
    --track.batch 16 --track.rescore_every 40 --track.passes 3 --track.checkpoint_every 2 \
    --train.learning_rate 0.001 --run.threads "$3" --output "$work/$1"
}

check_track() {
  method=track
  rm -rf run-*
  quietly track run-one 1 1
  local wanted layout ranks threads g s l hand_out fault
  wanted=$(digest run-one)
  [ -n "$wanted" ] && [ "$wanted" != "$(digest scorer)" ] || { failed=$((failed + 1)); echo "no digest"; }
  printf '%-46s %-28s %.16s\n' track "1 1" "$wanted"
  for layout in "${some[@]}"; do
    read -r ranks threads g s l hand_out fault <<<"$layout"
    rm -rf run-other
    ARF_FAULT=${fault/phase=*,/} quietly track run-other $ranks $threads
    expect "$ranks $threads ${fault:+slow}" run-other "$wanted"
    cmp -s <(scores run-one) <(scores run-other) || { failed=$((failed + 1)); echo "  WRONG: other scores"; }
  done
  track run-killed 3 1 >log.txt 2>&1 &
  local job=$!
  kill_one run-killed && killed=$((killed + 1))
  wait $job
  [ -e run-killed/report.html ] || quietly track run-killed 2 1
  expect "killed on 3, resumed on 2" run-killed "$wanted"
  cmp -s <(scores run-one) <(scores run-killed) || { failed=$((failed + 1)); echo "  WRONG: other scores"; }
  # Asked to stop: all ranks agree, leave a checkpoint and 85.
  track run-stopped 3 1 >log.txt 2>&1 &
  job=$!
  until [ -s run-stopped/metrics.jsonl ] || ! kill -0 $job 2>/dev/null; do sleep 0.02; done
  pkill -USR1 -n -f -- "--output $work/run-stopped( |$)"
  wait $job
  local code=$?
  [ $code = 85 ] || { failed=$((failed + 1)); echo "  WRONG: exit $code, not 85"; cat log.txt; }
  quietly track run-stopped 4 1
  [ "$(digest run-stopped)" = "$wanted" ] || { failed=$((failed + 1)); echo "  WRONG: other digest"; }
}
# The re-scored corpus and all measures of a run.
scores() { digest "$1/corpus"; sed 's/"seconds[^,}]*//' "$1/metrics.jsonl"; }

killed=0 methods=9
check_track
check_method --method.name sft
check_method --method.name dpo
check_method --method.name ppo --method.epochs 2
for variant in literal generated teacher_forced; do
  check_method --method.name tracebias --method.variant "$variant"
done
check_method --method.name tracebias --train.staleness 1
check_method --method.name ppo --method.epochs 2 --train.staleness 2
if [ "$extent" = all ]; then
  methods=12
  check_method --method.name ppo --method.epochs 2 --train.staleness 1
  check_method --method.name tracebias --method.variant literal --train.staleness 1
  check_method --method.name tracebias --method.variant teacher_forced --train.staleness 1
fi
echo "$compared digests compared, $killed runs killed, $failed wrong"
[ "$failed" = 0 ] && [ "$compared" = $((methods * (${#some[@]} + 1))) ] && [ "$killed" = $methods ]
