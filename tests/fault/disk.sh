#!/bin/bash
# A training run that is killed, or whose disk fails, at any one of its writes goes on to the digest of
# an undisturbed run: its writes are counted, and then each of them is made to fail in turn.
#   disk.sh [ARF] [POINTS]     POINTS of them, spread evenly (default 12), each in one way; or `all`,
#                              each by a kill and by an error
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
points=${2:-12}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../end_to_end/small_world.sh"
cc -shared -fPIC -o disk_faults.so "$here/disk_faults.c" -ldl || exit 1
tried=0 failed=0

train() {  # train KEYS...
  "$arf" train --model.path base/model --corpus.path augmented --scorer.path scorer \
    --method.name tracebias --train.batch 4 --train.unit 2 --train.iterations 3 \
    --train.checkpoint_every 1 --generate.max_tokens 6 --report.samples 1 --run.threads 1 \
    --output "$work/run" "$@"
}
digest() { "$arf" inspect run --json | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' | head -n 1; }
is_finished() { grep -q '"finished": true' run/manifest.json 2>/dev/null; }
iterations() { sed 's/.*"iteration":\([0-9]*\),.*/\1/' run/metrics.jsonl | tr '\n' ' '; }
wrong() { failed=$((failed + 1)); echo "  WRONG at $at, $kind: $*"; cat err; }

export FAULT_FOLDER=$work/run
FAULT_COUNT=$work/count LD_PRELOAD=$work/disk_faults.so quietly train
wanted=$(digest) calls=$(cat count)
[ -n "$wanted" ] && [ "$calls" -gt 20 ] || { echo "no digest, or $calls writes"; exit 1; }
kinds=(kill torn ENOSPC EIO EROFS EDQUOT) errors=(ENOSPC EIO EROFS EDQUOT torn)
tries=()  # a call's number and what it meets
if [ "$points" = all ]; then
  for ((i = 1; i <= calls; ++i)); do tries+=("$i kill" "$i ${errors[i % 5]}"); done
else
  for ((i = 0; i < points; ++i)); do tries+=("$((1 + i * calls / points)) ${kinds[i % 6]}"); done
fi
declare -A met
for try in "${tries[@]}"; do
  read -r at kind <<<"$try"
  rm -rf run
  FAULT_AT=$at FAULT_KIND=$kind LD_PRELOAD=$work/disk_faults.so train >out 2>err
  code=$?
  tried=$((tried + 1)) met[$kind]=$((${met[$kind]:-0} + 1))
  case $kind in
    kill | torn) [ $code = 5 ] || wrong "exit $code, not 5" ;;
    *) [ $code = 4 ] || { [ $code = 0 ] && is_finished; } || wrong "exit $code, not 4"
       [ $code = 0 ] || [ "$(grep -c 'arf: error' err)" = 1 ] || wrong 'not one sentence' ;;
  esac
  is_finished || train >out 2>err || wrong "does not go on: exit $?"  # at the last calls all is written
  [ "$(digest)" = "$wanted" ] || wrong "another digest"
  [ "$(iterations)" = '0 1 2 ' ] || wrong "iterations $(iterations)"
  [ -z "$(find run -name '*.partial*' -o -name '*.tmp')" ] || wrong "left: $(find run -name '*.partial*')"
done
echo "$calls writes of a run, $tried of them made to fail (${met[*]} of ${!met[*]}), $failed wrong"
[ $failed = 0 ] && [ $tried -gt 0 ]
