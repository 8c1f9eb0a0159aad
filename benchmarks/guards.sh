#!/bin/bash
# What the guards of a training run cost, and what generating ahead saves, as ratios of wall-clock time,
# and of the processor's (waiting for a disk is no part of it), within one run of this script: medians.
#   overhead   with guardians, journal, checkpoints and comparisons of log-probs ("both"), against none:
#              both runs at the same time, each on a core of its own, then with the cores exchanged, so
#              that what else the machine does meets both alike; a ratio is the geometric mean of the two
#   overlap    staleness 1 against 0, a generator and a learner with a core each: in turn one first and
#              the other
# usage: guards.sh [ITERATIONS [REPEATS [ROWS]]]     default 12, 5, and all rows; else those that match
# Environment: ARF_BUILD  the build folder (default build)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
arf=${ARF_BUILD:-$here/build}/arf
iterations=${1:-12} repeats=${2:-5} rows=${3:-}
[ -x "$arf" ] || { echo "guards.sh: $arf is not there; build it first" >&2; exit 2; }
mapfile -t cores < <(taskset -cp $$ | sed 's/.*: //' | tr , '\n' | while IFS=- read -r first last; do
  seq "$first" "${last:-$first}"; done)
[ ${#cores[@]} -ge 2 ] || { echo "guards.sh: two cores are wanted" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
cd "$work"

quietly() { "$@" >log 2>&1 || { cat log >&2; exit 1; }; }
quietly "$arf" simulate --simulate.dialogues 400 --output corpus
quietly "$arf" fit-tokenizer --corpus.path corpus --tokenizer.vocabulary 2000 --output tokenizer
quietly "$arf" fit-scorer --corpus.path corpus --scorer.random_weights true \
  --scorer.encoder "$here/configs/models/roberta-tiny" --scorer.tokenizer tokenizer \
  --train.iterations 20 --output scorer
quietly "$arf" label --corpus.path corpus --scorer.path scorer --output labelled

# train NAME CORES RANKS KEYS...: leaves in NAME the seconds of a whole run, and those of processors.
TIMEFORMAT='%R %U %S'
train() {
  local name=$1 on=$2 ranks=$3
  shift 3
  rm -rf "run-$name"
  {
    time taskset -c "$on" mpirun -np "$ranks" --bind-to none "$arf" train \
      --model.path "$here/configs/models/qwen2-small" --model.random_weights true --model.tokenizer tokenizer \
      --corpus.path labelled --scorer.path scorer --train.iterations "$iterations" --train.batch 16 \
      --train.unit 4 --generate.max_tokens 48 --report.samples 0 --output "run-$name" "$@" >"log-$name" 2>&1
  } 2>"took-$name" || { cat "log-$name" >&2; exit 1; }
  awk '{ print $1, $2 + $3 }' "took-$name" >"$name"
}

# cost NAME "KEYS" "OTHER KEYS": of runs on one core.
cost() {
  [[ $1 =~ $rows ]] || return 0
  local repeat order
  : >pairs
  for ((repeat = 0; repeat < repeats; ++repeat)); do
    for order in "0 1" "1 0"; do
      # shellcheck disable=SC2086
      train first "${cores[${order% *}]}" 1 --run.threads 1 $2 &
      # shellcheck disable=SC2086
      train second "${cores[${order#* }]}" 1 --run.threads 1 $3
      wait $!
      echo "$(<first) $(<second)" >>pairs
    done
  done
  awk '{ if (NR % 2) { a = $1; b = $2; c = $3; d = $4 }
         else print sqrt(a * $1), sqrt(b * $2), sqrt(c * $3), sqrt(d * $4) }' pairs >means
  mv means pairs
  show "$1"
}

# gain NAME "KEYS" "OTHER KEYS": of runs of two ranks.
gain() {
  [[ $1 =~ $rows ]] || return 0
  local repeat
  : >pairs
  for ((repeat = 0; repeat < repeats; ++repeat)); do
    # shellcheck disable=SC2086
    ((repeat % 2)) || train first "${cores[0]},${cores[1]}" 2 $2
    # shellcheck disable=SC2086
    train second "${cores[0]},${cores[1]}" 2 $3
    # shellcheck disable=SC2086
    ((repeat % 2 == 0)) || train first "${cores[0]},${cores[1]}" 2 $2
    echo "$(<first) $(<second)" >>pairs
  done
  show "$1"
}

# Medians of both and of the ratios of pairs, and the smallest and largest of these.
show() {
  printf '%-58s %9s %9s %8s %17s %10s\n' "$1" "$(median '$1')" "$(median '$3')" "$(median '$1 / $3')" \
    "$(awk '{ print $1 / $3 }' pairs | sort -n | awk '{ v[NR] = $1 } END { printf "%.3f to %.3f", v[1], v[NR] }')" \
    "$(median '$2 / $4')"
}
median() {
  awk "{ print $1 }" pairs | sort -n |
    awk '{ v[NR] = $1 } END { printf "%.3f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

none="--run.deadline 0 --train.journal false --train.checkpoint_every 1000000 --train.check_every 0"
roles="--roles.generators 1 --roles.learners 1 --roles.scorers 1 --run.threads 1"
printf '%-58s %9s %9s %8s %17s %10s\n' "median of $repeats, $iterations iterations" seconds against ratio from \
  processor
for method in tracebias ppo; do
  cost "$method, defaults, to no guard" "--method.name $method" "--method.name $method $none"
done
cost "tracebias, a checkpoint each iteration, to no guard" \
  "--method.name tracebias --train.checkpoint_every 1" "--method.name tracebias $none"
cost "tracebias, both every 4 iterations, to no guard" \
  "--method.name tracebias --train.checkpoint_every 4 --train.check_every 4" "--method.name tracebias $none"
cost "tracebias, both each iteration, to no guard" \
  "--method.name tracebias --train.checkpoint_every 1 --train.check_every 1" "--method.name tracebias $none"
gain "tracebias, defaults, 2 ranks, to no guard" "--method.name tracebias $roles" \
  "--method.name tracebias $roles $none"
for method in tracebias ppo; do
  gain "$method, staleness 1 to 0, generator beside learner" \
    "--method.name $method $roles --train.staleness 1" "--method.name $method $roles"
done
