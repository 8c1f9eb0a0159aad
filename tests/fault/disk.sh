#!/bin/bash
# A program that is killed, loses power, or whose disk fails, at any one of its writes goes on to the
# digest of an undisturbed run, and from no earlier than the newest checkpoint that it had written:
# its writes are counted, and then each of them is made to fail in turn. Each third time, so is one of
# the run that goes on.
#   disk.sh [ARF] [POINTS] [PROGRAM...]   POINTS of each program, spread evenly (default 14), each in
#                              one way; or `all`, or a range as 20-40, each by a kill, by a power cut
#                              and by an error. Programs: train, track, augment (which writes a corpus
#                              and its shards); and fit and label, which are not among the default
#   KINDS='power ...'          these ways only
#   FAULT_UNSYNCED='*/checkpoints*'   see it fail: no sync of such a path is made before a power cut
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
points=${2:-14}
shift $(($# < 2 ? $# : 2))
programs=("$@")
[ $# -gt 0 ] || programs=(train track augment)
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../end_to_end/small_world.sh"
cc -shared -fPIC -o disk_faults.so "$here/disk_faults.c" -ldl || exit 1
failed=0
read -ra kinds <<<"${KINDS:-kill power torn ENOSPC EIO EROFS EDQUOT}"
errors=(ENOSPC EIO EROFS EDQUOT torn)

train() {
  "$arf" train --model.path base/model --corpus.path augmented --scorer.path scorer \
    --method.name tracebias --train.batch 4 --train.unit 2 --train.iterations 3 \
    --train.checkpoint_every 1 --generate.max_tokens 6 --report.samples 1 --run.threads 1 --output "$work/run"
}
track() {
  "$arf" track --corpus.path labelled --scorer.path scorer --track.batch 40 --track.rescore_every 100 \
    --track.checkpoint_every 2 --train.learning_rate 0.001 --run.threads 1 --output "$work/run"
}
fit() {
  "$arf" fit-scorer --corpus.path corpus --scorer.encoder encoder --scorer.random_weights true \
    --scorer.tokenizer tokenizer --train.iterations 8 --train.checkpoint_every 2 --run.threads 1 --output "$work/run"
}
augment() {
  "$arf" augment --corpus.path labelled --scorer.path scorer --static_scorer.path scorer \
    --augment.synonym_rounds 1 --output "$work/run"
}
label() { "$arf" label --corpus.path corpus --scorer.path scorer --run.threads 1 --output "$work/run"; }
digest() { "$arf" inspect run --json | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' | head -n 1; }
# A corpus is there when it is whole.
is_finished() {
  if [ $program = augment ]; then [ -e run/index.json ]; else grep -q '"finished": true' run/manifest.json 2>/dev/null; fi
}
iterations() { [ ! -e run/metrics.jsonl ] || sed 's/.*"iteration":\([0-9]*\),.*/\1/' run/metrics.jsonl | tr '\n' ' '; }
wrong() { failed=$((failed + 1)); echo "  WRONG, $program at $try: $*"; cat err; }

# The newest checkpoint that the start that has just failed left for certain: after a power cut one
# behind whose rename the thread that writes checkpoints has done something more, a sync or what it
# does behind a checkpoint.
written() {
  awk -v kind="$1" '
    $1 == writer { is_sure = renamed }
    $2 == "rename" && $4 ~ /\/step-[0-9]+$/ { renamed = substr($4, match($4, /[0-9]+$/)) + 0; writer = $1 }
    END { print (kind == "power" ? is_sure : renamed) + 0 }' log
}
# goes_on IF_NOT_SAID: from where the last start went on.
goes_on() {
  local from
  from=$(sed -n 's/.*going on after [a-z]* \([0-9]*\).*/\1/p' err | head -n 1)
  [ "${from:-$1}" -ge "$newest" ] || wrong "goes on after ${from:-nothing}, and $newest was written"
}
# meet AT KIND: a start does.
meet() {
  local is
  rm -f log
  FAULT_AT=$1 FAULT_KIND=$2 FAULT_LOG=$work/log LD_PRELOAD=$work/disk_faults.so $program >out 2>err
  code=$?
  met[$2]=$((${met[$2]:-0} + 1))
  case $2 in
    kill | power | torn) [ $code = $killed ] || had_no_such_call "$1" || wrong "exit $code, not $killed" ;;
    *) [ $code = 4 ] || { [ $code = 0 ] && is_finished; } || wrong "exit $code, not 4"
       [ $code = 0 ] || [ "$(grep -c 'arf: error' err)" = 1 ] || wrong 'not one sentence' ;;
  esac
  if is_finished; then goes_on 0; else goes_on "$newest"; fi
  is=$(written "$2")
  [ "$is" -le "$newest" ] || newest=$is
  # Two faults may meet one unit, which is then not tried again; and a guardian has power after a cut.
  rm -f run/failures.jsonl
}
# had_no_such_call AT: a run that goes on makes fewer.
had_no_such_call() { [ $code = 0 ] && is_finished && [ "$(wc -l <log)" -lt "$1" ]; }

export FAULT_FOLDER=$work/run
for program in "${programs[@]}"; do
  rm -rf run run.* log
  FAULT_LOG=$work/log LD_PRELOAD=$work/disk_faults.so quietly $program
  wanted=$(digest) listed=$(iterations) calls=$(wc -l <log) tried=0
  [ -n "$wanted" ] && [ "$calls" -gt 10 ] || { echo "no digest, or $calls writes"; exit 1; }
  [[ $program = augment || $program = label ]] || [ "$(written power)" -gt 0 ] || { echo "no checkpoint"; exit 1; }
  tries=()  # a call's number and what it meets, perhaps twice
  if [[ $points = all || $points = *-* ]]; then
    from=1 to=$calls
    [ "$points" = all ] || from=${points%-*} to=${points#*-}
    for ((i = from; i <= to && i <= calls; ++i)); do
      for kind in ${KINDS:-kill power ${errors[i % 5]}}; do tries+=("$i $kind"); done
    done
  else
    for ((i = 0; i < points; ++i)); do tries+=("$((1 + i * calls / points)) ${kinds[i % ${#kinds[@]}]}"); done
  fi
  for ((i = 2; i < ${#tries[@]}; i += 3)); do
    tries[i]+=" $((1 + i * 37 % (calls / 2))) ${kinds[(i + 3) % ${#kinds[@]}]}"
  done
  # Where there is no guardian, a signal is what it is.
  killed=5
  [[ $program = augment || $program = fit ]] && killed=137
  declare -A met=()
  for try in "${tries[@]}"; do
    rm -rf run run.*
    newest=0 tried=$((tried + 1))
    read -r at kind then_at then_kind <<<"$try"
    meet "$at" "$kind"
    [ -z "$then_at" ] || is_finished || meet "$then_at" "$then_kind"
    if ! is_finished; then  # at the last calls all is written
      $program >out 2>err || wrong "does not go on: exit $?"
      goes_on 0
    fi
    [ "$(digest)" = "$wanted" ] || wrong "another digest"
    [ "$(iterations)" = "$listed" ] || wrong "iterations $(iterations)"
    left=$(find run run.partial* -name '*.partial*' -o -name '*.tmp' 2>/dev/null)
    [ -z "$left" ] || wrong "left: $left"
  done
  summary=''
  for kind in "${!met[@]}"; do summary+=", ${met[$kind]} by $kind"; done
  echo "$program: $calls writes, $tried runs met faults${summary}; $failed wrong"
done
[ $failed = 0 ]
