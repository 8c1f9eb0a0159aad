#!/bin/bash
# Random kills: each run of a random method is killed with -9 at a random moment on a random layout
# (one process, all of them, or mpirun), gone on with on another, perhaps killed again, and has to
# go on from no earlier than its newest checkpoint, to take what its journal holds, and to end with
# the digest of an undisturbed run and metrics without gap or repeat.
# usage: soak.sh [path of arf [KILLS [SEED]]]     default 10 kills
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
wanted_kills=${2:-10}
RANDOM=${3:-1}
. "$(dirname "$0")/../end_to_end/small_world.sh"
deadline=20 failed=0 killed=0 early=0 runs=0 held=0
methods=("sft" "dpo" "ppo --method.epochs 2" "tracebias --method.variant literal" "tracebias"
  "tracebias --method.variant teacher_forced" "tracebias --train.staleness 1"
  "ppo --method.epochs 2 --train.staleness 2" "tracebias --method.variant literal --train.staleness 2"
  "tracebias --method.variant teacher_forced --train.staleness 1" track)
# ranks, threads, generators, scorers, learners (0: all ranks), hand-out
layouts=("1 1 0 0 0 dynamic" "1 2 0 0 0 static" "2 1 1 1 1 dynamic" "2 1 0 0 0 static" "3 1 1 1 1 dynamic"
  "3 1 2 0 1 static" "4 1 2 0 3 dynamic" "4 1 2 1 1 static")

start() {  # start OUTPUT LAYOUT METHOD: in the background
  local ranks threads g s l hand_out
  read -r ranks threads g s l hand_out <<<"$2"
  if [ "$3" = track ]; then
    mpirun -np "$ranks" --bind-to none "$arf" track --corpus.path labelled --scorer.path scorer \
      --track.passes 6 --track.rescore_every 100 --train.learning_rate 0.001 \
      --track.checkpoint_every $((4 * checkpoint_every)) --run.threads "$threads" \
      --run.deadline $deadline --output "$work/$1" >"$1.log" 2>&1 &
    job=$!
    return
  fi
  # shellcheck disable=SC2086
  mpirun -np "$ranks" --bind-to none "$arf" train --model.path base/model --corpus.path augmented \
    --scorer.path scorer --train.batch 12 --train.unit 2 --train.iterations 6 \
    --train.learning_rate 0.01 --generate.max_tokens 12 --train.checkpoint_every $checkpoint_every \
    --report.samples 0 --run.threads "$threads" --roles.generators "$g" --roles.scorers "$s" \
    --roles.learners "$l" --roles.hand_out "$hand_out" --run.deadline $deadline --method.name $3 \
    --output "$work/$1" >"$1.log" 2>&1 &
  job=$!
}
digest() { "$arf" inspect "$1" --json | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' | head -n 1; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
pids() { pgrep -f "^$arf (train|track) .*--output $work/$1( |\$)"; }
iterations() { sed 's/.*"iteration":\([0-9]*\),.*/\1/' "$1/metrics.jsonl" | tr '\n' ' '; }
# The processes of a run that are no zombies. Looked at twice: one that a guardian leaves behind while
# the list is made is not in it.
alive() { pgrep -c -r D,R,S,T,I -f "^$arf (train|track) .*--output $work/$1( |\$)"; }
has_ended() { [ "$(alive "$1")" = 0 ] && sleep 0.01 && [ "$(alive "$1")" = 0 ]; }
is_finished() { grep -q '"finished": true' "$1/manifest.json" 2>/dev/null; }
wrong() { failed=$((failed + 1)); echo "  WRONG: $*"; tail -n 5 "$run.log" | sed 's/^/    /'; }

# The newest complete checkpoint of a run; 0: none.
checkpoint_of() {
  local step=0 name
  for name in "$1"/checkpoints/step-?????????/DONE; do
    [ ! -e "$name" ] || step=$(grep -o '[0-9]*' <<<"${name#*/step-}")
  done
  echo $((10#$step))
}
# went_on RUN IF_NOT_SAID: whether its last start went on from the newest checkpoint there has been.
went_on() {
  local from
  from=$(sed -n 's/.*going on after [a-z]* \([0-9]*\).*/\1/p' "$1.log" | head -n 1)
  [ "${from:-$2}" -ge "$newest" ] || wrong "$method: went on after ${from:-nothing}, and there was $newest"
  grep -q 'the journal is passed over' "$1.log" && wrong "$method: $(grep 'is passed over' "$1.log")"
  held=$((held + $(sed -n 's/^\(.* \)\?\([0-9][0-9]*\) units of the journal need not.*/\2/p' "$1.log" | head -n 1 | grep . || echo 0)))
}

# kill_at_random RUN: says what it killed, or nothing where the run had ended.
kill_at_random() {
  local victims one
  mapfile -t victims < <(pids "$1")
  [ ${#victims[@]} -gt 0 ] || return
  case $((RANDOM % 6)) in
    0) kill -9 "${victims[@]}" "$job" 2>/dev/null && echo all ;;
    1) kill -9 "$job" 2>/dev/null && echo mpirun ;;
    *) one=${victims[$((RANDOM % ${#victims[@]}))]}
       kill -9 "$one" 2>/dev/null && echo one ;;
  esac
}

declare -A undisturbed lasted listed
: >times
while [ $killed -lt "$wanted_kills" ]; do
  method=${methods[$((RANDOM % ${#methods[@]}))]}
  checkpoint_every=$((1 + RANDOM % 3))
  if [ -z "${undisturbed[$method]:-}" ]; then
    rm -rf plain
    began=$(now_ms)
    start plain "1 1 0 0 0 static" "$method"
    wait $job || { echo "FAILED: $method"; cat plain.log; exit 1; }
    lasted[$method]=$(($(now_ms) - began))
    undisturbed[$method]=$(digest plain) listed[$method]=$(iterations plain)
  fi
  run=run-$runs runs=$((runs + 1)) starts=0 newest=0
  until is_finished "$run"; do
    layout=${layouts[$((RANDOM % ${#layouts[@]}))]} starts=$((starts + 1))
    is=$(checkpoint_of "$run")
    [ "$is" -ge "$newest" ] || wrong "$method: checkpoint $newest is gone, $is is the newest"
    [ "$is" -le "$newest" ] || newest=$is
    start "$run" "$layout" "$method"
    # The first starts are killed, at a moment of their first one and a half lives; then it may end.
    if [ $starts -le 3 ] && [ $killed -lt "$wanted_kills" ]; then
      ms=$((RANDOM * RANDOM % (3 * lasted[$method] / 2) + 1))
      sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
      what=$(kill_at_random "$run")
      if [ -n "$what" ]; then
        began=$(now_ms)
        until has_ended "$run" || [ $(($(now_ms) - began)) -gt 60000 ]; do sleep 0.02; done
        took=$(($(now_ms) - began)) killed=$((killed + 1))
        has_ended "$run" || { wrong "$what killed: still alive after a minute"; pids "$run" | xargs kill -9; }
        wait $job 2>/dev/null
        went_on "$run" "$newest"
        echo "$took $what" >>times
        printf '%4d %-44s %-20s %-7s at %5d ms, ended after %5d ms\n' $killed "$method" "$layout" "$what" $ms $took
        continue
      fi
      early=$((early + 1))
    fi
    wait $job
    code=$?
    [ $code = 0 ] && is_finished "$run" || { wrong "$method on $layout: exit $code"; break; }
    went_on "$run" 0
  done
  is_finished "$run" || continue
  is=$(digest "$run")
  [ -n "$is" ] && [ "$is" = "${undisturbed[$method]}" ] || wrong "$method: digest $is, not ${undisturbed[$method]}"
  [ "$(iterations "$run")" = "${listed[$method]}" ] ||
    wrong "$method: gaps or repeats in metrics.jsonl: $(iterations "$run")"
  [ ! -e "$run/journal" ] || wrong "$method: the journal is left"
  rm -rf "$run"
done
[ $killed -lt 100 ] || [ $held -gt 0 ] || wrong "no unit of a journal was taken"
sort -n times >sorted
read -r worst what < <(tail -n 1 sorted)
echo "$killed kills in $runs runs ($early came too late), $held units taken from journals, $failed wrong; until the last process had ended:" \
  "median $(sed -n "$(((killed + 1) / 2))p" sorted | cut -d' ' -f1) ms, worst $worst ms ($what killed)"
[ $failed = 0 ]
