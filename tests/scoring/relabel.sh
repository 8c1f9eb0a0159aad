#!/bin/bash
# `arf label` under mpirun: the same bytes on any number of ranks, behind kills and stops, and where an
# earlier corpus's scores are taken over; what is refused; a disk that takes no more.
#   relabel.sh ARF [KILLS]      so many runs are killed at moments of their own (default 4)
set -uo pipefail
arf=$1 kills=${2:-4}
. "$(dirname "$0")/small_run.sh"
cd "$work" || exit 1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

fit+=(--train.iterations 5)
expect 0 '' "$arf" "${fit[@]}" --output scorer
expect 0 '' "$arf" "${fit[@]}" --run.seed 2 --output other_scorer
# Of logs rather than of `simulate`: a corpus and its beginning, and one of other rows.
logs() {
  local i
  for ((i = 1; i <= $1; ++i)); do
    echo '{"messages":[{"role":"user","content":"who is '$i'?"},{"role":"assistant","content":"'$2 $i'"},' \
      '{"role":"user","content":"'"$((i * 7919 % 1000))"' thanks"}]}'
  done >logs.jsonl
  expect 0 '' "$arf" import --import.format messages --import.input logs.jsonl --output "$3"
}
logs 9000 'it is' rows
logs 8900 'it is' before
logs 8900 'it was' others
label=("$arf" label --corpus.path rows --scorer.path scorer --run.threads 1)

# The corpus as it is on the disk, but for who made it: digest, and bytes of all shards.
bytes_of() {
  digest_of "$1"
  (cd "$1" && sha256sum shard-*)
}
# whole DIR: nothing of an unfinished run is left.
whole() {
  [ "$(cd "$1" && echo *)" = 'config.ini index.json manifest.json shard-00000.h5' ] ||
    fail "$1 holds $(ls -A "$1" | tr '\n' ' ')"
}

expect 0 'rows/s' "${label[@]}" --output one
whole one
wanted=$(bytes_of one)
for ranks in 2 3; do
  expect 0 '' mpirun -np $ranks --bind-to none "${label[@]}" --output ranks_$ranks
  [ "$(bytes_of ranks_$ranks)" = "$wanted" ] || fail "$ranks ranks: other bytes"
  whole ranks_$ranks
done
expect 0 '' mpirun -np 3 --bind-to none "${label[@]}" --run.deadline 0 --output unwatched
[ "$(bytes_of unwatched)" = "$wanted" ] || fail 'where nobody watches: other bytes'
# One rank much slower than the other: it does not keep it waiting.
ARF_FAULT=slow:rank=1,phase=score,ms=3000 expect 0 '' mpirun -np 2 --bind-to none "${label[@]}" --output slow
[ "$(bytes_of slow)" = "$wanted" ] || fail 'a slow rank: other bytes'

# Killed at a moment of its own, then by the same command on another number of ranks.
pieces() { find "$1/scores" -type f ! -name '*.partial' 2>/dev/null | wc -l; }
gone_on=0
for ((try = 0; try < kills; ++try)); do
  rm -rf killed
  ARF_FAULT=slow:phase=score,ms=300 mpirun -np $((1 + try % 3)) --bind-to none "${label[@]}" --output "$work/killed" >out 2>err &
  pid=$!
  # From before it begins to behind its last piece; of most tries, behind the first.
  [ $try = 0 ] || for _ in $(seq 1000); do [ "$(pieces killed)" -gt 0 ] && break; sleep 0.02; done
  sleep "$(awk -v s="$RANDOM" 'BEGIN { print s % 1000 / 1000 }')"
  # All processes of this run, so that nobody is left to end in order.
  mapfile -t all < <(pgrep -f -- "--output $work/killed$")
  kill -9 "${all[@]}" 2>/dev/null
  wait $pid 2>/dev/null
  for _ in $(seq 100); do pgrep -f -- "--output $work/killed$" >/dev/null || break; sleep 0.1; done
  left=$(pieces killed)
  if [ "$left" -gt 0 ]; then
    [ ! -e killed/index.json ] || fail 'a killed run has left a corpus beside its scores'
    expect 3 'is not a corpus' "$arf" augment --corpus.path killed --scorer.path scorer \
      --static_scorer.path scorer --output x
    expect 0 "going on after $left of 9 pieces" mpirun -np $((1 + (try + 1) % 3)) --bind-to none "${label[@]}" --output killed
    gone_on=$((gone_on + 1))
  elif [ -e killed/index.json ]; then
    continue  # it was through
  else
    expect 0 '' mpirun -np $((1 + (try + 1) % 3)) --bind-to none "${label[@]}" --output killed
  fi
  [ "$(bytes_of killed)" = "$wanted" ] || fail "killed, then gone on: other bytes"
  whole killed
done
[ "$kills" = 0 ] || [ $gone_on -gt 0 ] || fail 'no kill met a run that had scored something'
# A rank that dies alone ends the job, in one sentence.
ARF_FAULT=kill:rank=1,phase=score,iteration=5 expect 5 'was killed by signal 9' \
  mpirun -np 2 --bind-to none "${label[@]}" --output died
[ "$(grep -c 'arf: error' err)" = 1 ] || fail "not one sentence: $(cat err)"
expect 0 'going on after' "${label[@]}" --output died
[ "$(bytes_of died)" = "$wanted" ] || fail 'a rank that died: other bytes'
ARF_FAULT=hang:rank=1,phase=score,iteration=5 expect 5 'made no progress' \
  mpirun -np 2 --bind-to none "${label[@]}" --run.deadline 2 --output died_2
# Killed behind index.json, before its scores are removed.
rm -rf scores && mkdir scores && cp -r one late && cp -r scores late/
sed -i 's/"finished": true/"finished": false/' late/manifest.json
expect 0 '' mpirun -np 2 --bind-to none "${label[@]}" --output late
[ "$(bytes_of late)" = "$wanted" ] || fail 'killed at its end: other bytes'
whole late

# Stopped on request: SIGUSR1 to mpirun, which passes it on; SIGTERM to one rank's process alone.
ARF_FAULT=slow:phase=score,ms=400 mpirun -np 2 --bind-to none "${label[@]}" --output stopped >out 2>err &
pid=$!
for _ in $(seq 200); do [ "$(pieces stopped)" -ge 2 ] && break; sleep 0.05; done
kill -USR1 $pid
wait $pid
code=$?
[ $code = 85 ] || fail "SIGUSR1: exit $code: $(cat err)"
grep -qE '"exit": 85,?$' stopped/manifest.json || fail 'the manifest has no exit 85'
expect 2 'holds an unfinished run' "${label[@]}" --run.resume never --output stopped
expect 2 'another configuration' "${label[@]}" --label.s_sig 6 --output stopped
expect 0 'going on after' "${label[@]}" --run.resume require --output stopped
[ "$(bytes_of stopped)" = "$wanted" ] || fail 'stopped, then gone on: other bytes'
ARF_FAULT=slow:phase=score,ms=400 mpirun -np 2 --bind-to none "${label[@]}" --output "$work/stopped_2" >out 2>err &
pid=$!
for _ in $(seq 200); do [ "$(pieces stopped_2)" -ge 2 ] && break; sleep 0.05; done
kill -TERM "$(pgrep -f -- "--output $work/stopped_2$" | tail -n 1)"
wait $pid
code=$?
[ $code = 85 ] || fail "SIGTERM to a rank: exit $code: $(cat err)"
[ "$(pieces stopped_2)" -lt 9 ] || fail 'a rank was asked to stop, and the others went on'

# ---- an earlier corpus
expect 0 '' "$arf" label --corpus.path before --scorer.path scorer --output labelled_before
for ranks in 1 3; do
  expect 0 'the scores of its 8900 rows are taken over' mpirun -np $ranks --bind-to none "${label[@]}" \
    --label.previous labelled_before --json --output grown_$ranks
  says '"taken":8900'
  [ "$(bytes_of grown_$ranks)" = "$wanted" ] || fail "grown, $ranks ranks: other bytes"
  whole grown_$ranks
done
expect 0 '' "${label[@]}" --label.previous one --json --output same
says '"taken":9000'
[ "$(bytes_of same)" = "$wanted" ] || fail 'nothing new: other bytes'
expect 0 'its rows were scored by another scorer; all are scored again' "$arf" label --corpus.path rows \
  --scorer.path other_scorer --label.previous labelled_before --json --output moved
says '"replaced":8900'
expect 0 '' "$arf" label --corpus.path rows --scorer.path other_scorer --output moved_new
[ "$(digest_of moved)" = "$(digest_of moved_new)" ] && fail 'the scores of before are not history'
expect 0 'with another --label.s_sig' "${label[@]}" --label.s_sig 6 --label.previous one --output met_again
expect 3 'was labelled from another corpus' mpirun -np 2 --bind-to none "$arf" label --corpus.path others \
  --scorer.path scorer --label.previous labelled_before --output x
expect 3 'has 9000 rows, and before has 8900' "$arf" label --corpus.path before --scorer.path scorer \
  --label.previous one --output x
expect 3 'is no corpus that this `arf label` made' "${label[@]}" --label.previous rows --output x
expect 3 'nowhere: is not a corpus' "${label[@]}" --label.previous nowhere --output x
expect 2 'label.s_sig is -1' mpirun -np 2 --bind-to none "${label[@]}" --label.s_sig -1 --output x
[ "$(grep -c 'arf: error' err)" = 1 ] || fail "not said once: $(cat err)"
[ ! -e x ] || fail "something was left behind by a command that failed: $(ls x)"

# ---- several shards: each becomes one, whoever writes it
long=$(head -c 60000 /dev/zero | tr '\0' a)
logs 2400 "$long" shards
logs 1500 "$long" fewer
[ "$(ls shards/shard-* | wc -l)" = 3 ] || fail "not three shards: $(ls shards)"
many=("$arf" label --corpus.path shards --scorer.path scorer --run.threads 1)
expect 0 '' "${many[@]}" --output many
expect 0 '' mpirun -np 2 --bind-to none "${many[@]}" --output many_2
[ "$(bytes_of many_2)" = "$(bytes_of many)" ] || fail 'several shards, two ranks: other bytes'
[ "$(cd many_2 && ls shard-*)" = "$(cd shards && ls shard-*)" ] || fail "other shards: $(ls many_2)"
expect 0 '' "$arf" label --corpus.path fewer --scorer.path scorer --output fewer_labelled
ARF_FAULT=kill:rank=2,phase=finish expect 5 'killed by signal 9' \
  mpirun -np 3 --bind-to none "${many[@]}" --label.previous fewer_labelled --output many_3
[ ! -e many_3/index.json ] || fail 'a rank was killed while it wrote, and there is a corpus'
expect 0 'going on after' mpirun -np 3 --bind-to none "${many[@]}" --label.previous fewer_labelled --json \
  --output many_3
says '"taken":1500'
[ "$(bytes_of many_3)" = "$(bytes_of many)" ] || fail 'several shards, grown, three ranks: other bytes'

# ---- other inputs, and what is damaged
stop_early() {  # OUTPUT: leaves it unfinished
  rm -rf "$1"
  ARF_FAULT=kill:rank=0,phase=score,iteration=5 expect 5 'killed by signal 9' "${label[@]}" --output "$1"
}
stop_early damaged
printf x >>"$(find damaged/scores -type f | head -n 1)"
: >damaged/scores/7.partial
: >damaged/shard-00000.h5.partial
expect 0 'is damaged; its rows are scored again' "${label[@]}" --output damaged
[ "$(bytes_of damaged)" = "$wanted" ] || fail 'damaged scores: other bytes'
whole damaged
stop_early moved_on
mv scorer kept && cp -r other_scorer scorer
expect 3 'was made from other inputs' "${label[@]}" --output moved_on
rm -r scorer && mv kept scorer
expect 0 'going on after' "${label[@]}" --output moved_on
[ "$(bytes_of moved_on)" = "$wanted" ] || fail 'inputs that were brought back: other bytes'
cp -r rows torn && printf x | dd of=torn/shard-00000.h5 bs=1 seek=5000 conv=notrunc 2>/dev/null
expect 3 'shard-00000.h5: is damaged' mpirun -np 2 --bind-to none "$arf" label --corpus.path torn \
  --scorer.path scorer --output x
[ ! -e x ] || fail 'a damaged corpus left something behind'

# ---- a disk that takes no more: of a shard, of scores
limited() { (ulimit -f "$1" && shift && exec "$@"); }
shard_kib=$(($(stat -c %s one/shard-00000.h5) / 1024))
expect 4 'shard-00000.h5: writing of' limited $((shard_kib - 8)) "${label[@]}" --output full
[ "$(grep -c 'arf: error' err)" = 1 ] || fail "not one sentence: $(cat err)"
[ "$(ls full)" = "$(printf 'config.ini\nmanifest.json\nscores')" ] || fail "full holds $(ls full | tr '\n' ' ')"
[ "$(pieces full)" = 9 ] || fail "of 9 pieces $(pieces full) are there"
expect 4 'scores/' mpirun -np 2 --bind-to none bash -c 'ulimit -f 8; exec "$@"' - "${label[@]}" --output fuller
[ -z "$(find fuller -name '*.h5' -o -name '*.partial')" ] || fail 'half a file was left'
for each in full fuller; do
  expect 0 '' "${label[@]}" --output $each
  [ "$(bytes_of $each)" = "$wanted" ] || fail "$each: other bytes"
done

finish
