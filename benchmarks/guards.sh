#!/bin/bash
# What the guards of a training run cost, and what generating ahead saves, as ratios of wall-clock time
# within one run of this script.
#   overhead   with guardians, journal, checkpoints and comparisons of log-probs ("both"), against none:
#              both runs at the same time on the same core, which the kernel shares by halves between
#              their sessions, some milliseconds each, so that what else the machine does meets both alike.
#              What a run waits for (a disk) is of an iteration that takes twice its time.
#   overlap    staleness 1 against 0, a generator and a learner with a core each: in turn one first and
#              the other
# Both runs compute the same bits, so an iteration of one is held against the same iteration of the
# other, from its beginning to the next one's, as long as both run. The interval holds the median of the
# ratios with 95 % (order statistics). "sums" is the ratio of all their seconds: what happens at some
# iterations only (a comparison, a checkpoint) is in no median, and counts there as often as it comes. By
# default both come every 50 iterations, and the last two iterations are not counted (where the slower run
# ends, the faster one has ended): guards.sh 53 1 '^tracebias, defaults, to' holds them once.
# "to itself" shows what the method gives where nothing differs.
# `instructions` counts those of one short iteration instead, under callgrind: what no other work on the
# machine moves (half an hour; the guardian, a process of its own, is not in it).
# usage: guards.sh [ITERATIONS [REPEATS [ROWS]]]     default 12, 5, and all rows; else those that match
#        guards.sh instructions
# Environment: ARF_BUILD  the build folder (default build)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
arf=${ARF_BUILD:-$here/build}/arf
count=
[ "${1:-}" != instructions ] || { count=yes; shift; }
iterations=${1:-12} repeats=${2:-5} rows=${3:-}
[ -x "$arf" ] || { echo "guards.sh: $arf is not there; build it first" >&2; exit 2; }
[ "$iterations" -ge 2 ] || { echo "guards.sh: two iterations are wanted" >&2; exit 2; }
mapfile -t cores < <(taskset -cp $$ | sed 's/.*: //' | tr , '\n' | while IFS=- read -r first last; do
  seq "$first" "${last:-$first}"; done)
[ ${#cores[@]} -ge 2 ] || { echo "guards.sh: two cores are wanted" >&2; exit 2; }
[ "$(cat /proc/sys/kernel/sched_autogroup_enabled 2>/dev/null)" = 1 ] || {
  echo "guards.sh: this kernel shares a core between threads, not sessions (sched_autogroup_enabled)" >&2
  exit 2
}
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

inputs=(--model.path "$here/configs/models/qwen2-small" --model.random_weights true --model.tokenizer tokenizer
  --corpus.path labelled --scorer.path scorer --report.samples 0)

# train NAME CORES RANKS KEYS...: leaves in NAME the seconds of its iterations but the last, a line each.
train() {
  local name=$1 on=$2 ranks=$3
  shift 3
  rm -rf "run-$name"
  setsid -w taskset -c "$on" mpirun -np "$ranks" --bind-to none "$arf" train "${inputs[@]}" \
    --train.iterations "$iterations" --train.batch 16 --train.unit 4 --generate.max_tokens 48 \
    --output "run-$name" "$@" >"log-$name" 2>&1 || { cat "log-$name" >&2; exit 1; }
  grep -o '"name":"iteration","pid":0,"tid":0,"ts":[0-9]*' "run-$name/trace.json" | sed 's/.*://' |
    awk 'NR > 1 { print ($1 - last) / 1e6 } { last = $1 }' >"$name"
}

# cost NAME "KEYS" "OTHER KEYS": of runs on one core.
cost() {
  [[ $1 =~ $rows ]] || return 0
  local repeat
  : >pairs
  for ((repeat = 0; repeat < repeats; ++repeat)); do
    # shellcheck disable=SC2086
    train first "${cores[0]}" 1 --run.threads 1 $2 &
    # shellcheck disable=SC2086
    train second "${cores[0]}" 1 --run.threads 1 $3
    wait $!
    # Behind the end of the faster one the other has the core for itself.
    paste first second | awk '{ a += $1; b += $2; x[NR] = $1; y[NR] = $2; p[NR] = a; q[NR] = b }
      END { end = a < b ? a : b
            for (i = 1; i <= NR && p[i] <= end && q[i] <= end; ++i) print x[i], y[i] }' >>pairs
  done
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
    paste first second >>pairs
  done
  show "$1"
}

show() {
  # shellcheck disable=SC2059
  printf "$form" "$1" "$(median '$1')" "$(median '$2')" "$(median '$1 / $2')" "$(interval)" \
    "$(awk '{ a += $1; b += $2 } END { printf "%.3f", a / b }' pairs)" "$(wc -l <pairs)"
}
median() {
  awk "{ print $1 }" pairs | sort -n |
    awk '{ v[NR] = $1 } END { printf "%.3f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
# The k-th smallest and largest, where fewer than k of n fair coins fall one way with 2.5 % at most.
interval() {
  awk '{ print $1 / $2 }' pairs | sort -n | awk '{ v[NR] = $1 } END {
    p = 0.5 ^ NR
    for (below = p; below <= 0.025 && k < NR / 2; below += p) { ++k; p *= (NR - k + 1) / k }
    if (k < 1) print "-"; else printf "%.3f to %.3f", v[k], v[NR - k + 1] }'
}

# instructions NAME KEYS...: of the process that trains, which executes most.
instructions() {
  local name=$1
  shift
  valgrind --tool=callgrind --callgrind-out-file="count-$name.%p" "$arf" train "${inputs[@]}" \
    --method.name tracebias --train.iterations 1 --train.batch 4 --train.unit 2 --generate.max_tokens 16 \
    --run.threads 1 --output "run-$name" "$@" >"log-$name" 2>&1 || { cat "log-$name" >&2; exit 1; }
  sed -n 's/^summary: //p' "count-$name".* | sort -n | tail -1 >"$name"
}

none="--run.deadline 0 --train.journal false --train.checkpoint_every 1000000 --train.check_every 0"
if [ -n "$count" ]; then
  instructions first --run.deadline 1000 --run.start_deadline 10000 &
  # shellcheck disable=SC2086
  instructions second $none
  wait $!
  paste first second | awk '{ printf "instructions %.0f, without guards %.0f: %.6f\n", $1, $2, $1 / $2 }'
  exit
fi
roles="--roles.generators 1 --roles.learners 1 --roles.scorers 1 --run.threads 1"
form='%-56s %8s %8s %7s %16s %7s %6s\n'
# shellcheck disable=SC2059
printf "$form" "medians of $repeats runs of $iterations iterations" seconds against ratio "from to (95 %)" sums pairs
cost "tracebias without a guard to itself" "--method.name tracebias $none" "--method.name tracebias $none"
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
