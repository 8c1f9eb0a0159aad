#!/bin/bash
# What scoring a large corpus anew costs: `arf label` of ROWS simulated dialogues by a small encoder, how
# many rows a second one rank and two ranks of one thread score, in turn within this run, what a pass
# costs where 1 % of the rows are new, and what memory a rank takes; and the rates with MiniLM on a sample,
# where it is installed (launch/setup.sh --with-minilm).
#   benchmarks/rescore.sh [ROWS [REPEATS]]      default 1000000 and 3
# Rates are of wall-clock time and so of whatever else the machine does; "rows per CPU second" is of what
# all processes of the job computed, start included. The ratio is of medians.
# Environment: ARF  the program (default build/arf)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
arf=${ARF:-$here/build/arf} rows=${1:-1000000} repeats=${2:-3}
[ -x "$arf" ] || { echo "rescore.sh: $arf is not there; build it first (launch/setup.sh)" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
cd "$work"

quietly() { "$@" >log 2>&1 || { cat log >&2; exit 1; }; }
quietly "$arf" simulate --simulate.dialogues 2000 --run.seed 2 --output small
quietly "$arf" fit-tokenizer --corpus.path small --tokenizer.vocabulary 2000 --output tokenizer
quietly "$arf" fit-scorer --corpus.path small --scorer.random_weights true \
  --scorer.encoder "$here/configs/models/roberta-tiny" --scorer.tokenizer tokenizer \
  --train.iterations 20 --output tiny
for name in rows:$rows before:$((rows - rows / 100)) sample:$((rows / 20)); do
  quietly "$arf" simulate --simulate.dialogues "${name#*:}" --output "${name%:*}"
done

# label RANKS CORPUS SCORER OUTPUT KEYS...: leaves "SECONDS CPU_SECONDS PEAK_MIB" in `took`; the peak is
# of the rank that took most.
label() {
  local ranks=$1 corpus=$2 scorer=$3 output=$4 peak=0 now pid
  shift 4
  rm -rf "$output"
  TIMEFORMAT='%R %U %S'
  { time mpirun -np "$ranks" --bind-to none "$arf" label --corpus.path "$corpus" --scorer.path "$scorer" \
    --run.threads 1 --output "$work/$output" "$@" >out 2>err; } 2>times &
  pid=$!
  while kill -0 $pid 2>/dev/null; do
    for process in $(pgrep -f -- "--output $work/$output" || true); do
      now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$process/status" 2>/dev/null || true)
      [ "${now:-0}" -le "$peak" ] || peak=$now
    done
    sleep 0.1
  done
  wait $pid || { cat err >&2; exit 1; }
  awk -v peak="$peak" '{ print $1, $2 + $3, peak / 1024 }' times >took
}
show() {  # show NAME ROWS
  awk -v name="$1" -v rows="$2" '{ printf "%-52s %9.1f %9.0f %9.0f %9.0f\n", name, $1, rows / $1, rows / $2, $3 }' took
}
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# in_turn NAME CORPUS ROWS SCORER: one rank, two ranks, REPEATS times.
in_turn() {
  local repeat ranks
  : >one
  : >two
  for ((repeat = 0; repeat < repeats; ++repeat)); do
    for ranks in 1 2; do
      label $ranks "$2" "$4" "labelled_$ranks"
      show "$1, $ranks rank(s)" "$3"
      awk -v rows="$3" '{ print rows / $1 }' took >>"$([ $ranks = 1 ] && echo one || echo two)"
    done
    cmp labelled_1/shard-00000.h5 labelled_2/shard-00000.h5
  done
  awk -v name="$1" -v one="$(median <one)" -v two="$(median <two)" \
    'BEGIN { printf "%-52s %.0f and %.0f rows/s, ratio %.2f\n", name ", medians:", one, two, two / one }'
}

printf '%-52s %9s %9s %9s %9s\n' '' seconds rows/s 'rows/CPU s' 'peak MiB'
in_turn "roberta-tiny, $((rows / 20)) rows" sample $((rows / 20)) tiny
label 2 before tiny previous
show "roberta-tiny, $((rows - rows / 100)) rows, 2 ranks" $((rows - rows / 100))
label 2 rows tiny grown --label.previous previous
show "1 % new: $rows rows, 2 ranks" "$rows"
label 1 rows tiny grown_1 --label.previous previous
show "1 % new: $rows rows, 1 rank" "$rows"
label 1 before tiny nothing_new --label.previous previous
show "nothing new: $((rows - rows / 100)) rows, 1 rank" $((rows - rows / 100))

if [ -d "${ARF_DEPENDENCIES:-$HOME/.cache/arf}/all-MiniLM-L6-v2" ]; then
  quietly "$arf" fit-scorer --corpus.path small --train.iterations 2 --scorer.encoder minilm --output minilm
  quietly "$arf" simulate --simulate.dialogues $((rows / 500)) --output few
  in_turn "MiniLM, $((rows / 500)) rows" few $((rows / 500)) minilm
else
  echo "MiniLM is not installed (launch/setup.sh --with-minilm): not measured"
fi
