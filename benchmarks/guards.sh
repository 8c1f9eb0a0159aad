#!/bin/bash
# What the guards of a training run cost, and what generating ahead saves, as ratios of wall-clock time,
# and of the processor's (which other work on the machine disturbs less, and waiting for a disk is no
# part of), within one run of this script: medians of pairs, in turn one first and the other.
#   overhead   with guardians, journal, checkpoints and comparisons of log-probs ("both"), against none
#   overlap    staleness 1 against 0, a generator and a learner with a core each
# usage: guards.sh [ITERATIONS [REPEATS [ROWS]]]     default 12, 5, and all rows; else those that match
# Environment: ARF_BUILD  the build folder (default build)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
arf=${ARF_BUILD:-$here/build}/arf
iterations=${1:-12} repeats=${2:-5} rows=${3:-}
[ -x "$arf" ] || { echo "guards.sh: $arf is not there; build it first" >&2; exit 2; }
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

# train RANKS KEYS...: seconds of a whole run, and seconds of processors.
train() {
  local ranks=$1 real user system
  shift
  rm -rf run
  {
    time mpirun -np "$ranks" --bind-to none "$arf" train --model.path "$here/configs/models/qwen2-small" \
      --model.random_weights true --model.tokenizer tokenizer --corpus.path labelled --scorer.path scorer \
      --train.iterations "$iterations" --train.batch 16 --train.unit 4 --generate.max_tokens 48 \
      --report.samples 0 --output run "$@" >log 2>&1
  } 2>took || { cat log >&2; exit 1; }
  read -r real user system <took
  awk "BEGIN { print $real, $user + $system }"
}
TIMEFORMAT='%R %U %S'

# compare NAME RANKS "KEYS" "OTHER KEYS": medians of both and of the ratios of neighbours.
compare() {
  local name=$1 ranks=$2 first second pair
  [[ $name =~ $rows ]] || return 0
  : >pairs
  for ((pair = 0; pair < repeats; ++pair)); do
    # shellcheck disable=SC2086
    if ((pair % 2)); then
      second=$(train "$ranks" $4) first=$(train "$ranks" $3)
    else
      first=$(train "$ranks" $3) second=$(train "$ranks" $4)
    fi
    echo "$first $second" >>pairs
  done
  printf '%-58s %9s %9s %8s %10s\n' "$name" "$(median '$1')" "$(median '$3')" "$(median '$1 / $3')" \
    "$(median '$2 / $4')"
}
median() {
  awk "{ print $1 }" pairs | sort -n |
    awk '{ v[NR] = $1 } END { printf "%.3f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

none="--run.deadline 0 --train.journal false --train.checkpoint_every 1000000 --train.check_every 0"
roles="--roles.generators 1 --roles.learners 1 --roles.scorers 1 --run.threads 1"
printf '%-58s %9s %9s %8s %10s\n' "median of $repeats pairs, $iterations iterations" seconds against ratio \
  processor
for method in tracebias ppo; do
  compare "$method, defaults, to no guard" 1 "--method.name $method" "--method.name $method $none"
done
compare "tracebias, a checkpoint each iteration, to no guard" 1 \
  "--method.name tracebias --train.checkpoint_every 1" "--method.name tracebias $none"
compare "tracebias, both every 4 iterations, to no guard" 1 \
  "--method.name tracebias --train.checkpoint_every 4 --train.check_every 4" "--method.name tracebias $none"
compare "tracebias, both each iteration, to no guard" 1 \
  "--method.name tracebias --train.checkpoint_every 1 --train.check_every 1" "--method.name tracebias $none"
compare "tracebias, defaults, 2 ranks, to no guard" 2 "--method.name tracebias $roles" \
  "--method.name tracebias $roles $none"
for method in tracebias ppo; do
  compare "$method, staleness 1 to 0, generator beside learner" 2 \
    "--method.name $method $roles --train.staleness 1" "--method.name $method $roles"
done
