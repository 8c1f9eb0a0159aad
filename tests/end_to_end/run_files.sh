#!/bin/bash
# What a run on three ranks shows and leaves: a progress line with reward, KL and tokens/s, and every
# file of a run's folder, each looked into. usage: run_files.sh [path of arf]
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
. "$(dirname "$0")/small_world.sh"
quietly "$arf" fit-scorer --corpus.path corpus --scorer.encoder encoder --scorer.random_weights true \
  --scorer.tokenizer tokenizer --train.iterations 3 --run.seed 2 --output other
failed=0
fail() { failed=$((failed + 1)); echo "FAIL $*"; }
same_digest() { [ -n "$(grep digest "$1")" ] && [ "$(grep digest "$1")" = "$(grep digest "$2")" ]; }
has() { [ -s "run/$1" ] || fail "run/$1 is not there or empty"; }  # has FILE

mpirun -np 3 --bind-to none "$arf" train --model.path base/model --corpus.path augmented \
  --scorer.path scorer --method.name tracebias --train.iterations 5 --train.batch 12 \
  --train.unit 2 --generate.max_tokens 12 --train.checkpoint_every 2 --run.threads 1 \
  --roles.generators 1 --roles.scorers 1 --roles.learners 1 --output run >out.txt 2>err.txt ||
  { cat err.txt; fail "exit $?"; }
grep -E '^train 5/5 it .*reward -?[0-9.]+  stored -?[0-9.]+  .*kl [0-9.]+ .*loss -?[0-9.]+ .*[0-9]+ tokens/s' err.txt ||
  { cat err.txt; fail "no progress line with reward, KL and tokens/s"; }
grep -q 'learners 0; scorers 1; generators 2' err.txt || fail "the roles are not told"
grep -qE '^digest +[0-9a-f]{64}$' out.txt || fail "no digest on stdout: $(cat out.txt)"

for file in config.ini manifest.json metrics.jsonl trace.json report.html \
  adapter/adapter_config.json adapter/adapter_model.safetensors; do has "$file"; done
compgen -G 'run/events.out.tfevents.*' >/dev/null || fail "no file for TensorBoard"
[ "$(ls run/checkpoints | wc -l)" = 2 ] || fail "not two checkpoints: $(ls run/checkpoints)"
for checkpoint in run/checkpoints/*; do [ -e "$checkpoint/DONE" ] || fail "$checkpoint is not complete"; done
[ "$(wc -l <run/metrics.jsonl)" = 5 ] || fail "not a line an iteration in metrics.jsonl"
for key in iteration policy_version reward/mean reward/label loss kl grad_norm/q grad_norm/v \
  tokens/generated tokens/trained seconds/generate seconds/score seconds/learn seconds/sync \
  seconds/wait; do
  [ "$(grep -cF "\"$key\":" run/metrics.jsonl)" = 5 ] || fail "no $key in metrics.jsonl"
done
for rank in 0 1 2; do
  grep -qE "\"(pid|tid)\": ?$rank[,}]" run/trace.json || fail "no row of rank $rank in trace.json"
done
for key in '"peft_type": *"LORA"' '"r": *8' '"target_modules"' '"task_type": *"CAUSAL_LM"'; do
  grep -qE "$key" run/adapter/adapter_config.json || fail "no $key in adapter_config.json"
done
grep -qE '(src|href)="?https?:' run/report.html && fail "report.html needs the network"
grep -q '<svg' run/report.html || fail "report.html has no figure"
grep -qF '"finished": true' run/manifest.json || fail "manifest.json does not say finished"

# config.ini reproduces the run; its own folder is not overwritten.
"$arf" train --config run/config.ini --roles.generators 0 --roles.scorers 0 --roles.learners 0 \
  --output again >again.txt 2>err.txt || { cat err.txt; fail "config.ini is refused"; }
same_digest again.txt out.txt || fail "config.ini gives another digest"
"$arf" train --config run/config.ini --roles.generators 0 --roles.scorers 0 --roles.learners 0 \
  --output run >again.txt 2>err.txt
[ $? = 2 ] && grep -q 'holds results' err.txt || fail "a finished run may be overwritten: $(cat err.txt)"

# A scorer's tokenizer may be compressed; an input that cannot be read leaves no directory behind.
cp -r scorer/scorer compressed && gzip compressed/tokenizer.json
short=(train --model.path base/model --corpus.path augmented --method.name ppo --train.iterations 1
  --train.batch 2 --generate.max_tokens 4 --report.samples 0)
"$arf" "${short[@]}" --scorer.path compressed --output zipped >again.txt 2>err.txt ||
  { cat err.txt; fail "a scorer with tokenizer.json.gz is refused"; }
rm compressed/model.safetensors
"$arf" "${short[@]}" --scorer.path compressed --output unread >again.txt 2>err.txt
[ $? = 3 ] && [ ! -e unread ] || fail "a broken scorer leaves a directory: $(cat err.txt)"

# SIGTERM to one rank: a checkpoint, exit 85; the same command on another split goes on, but not
# where an input has changed meanwhile.
stoppable=(train --model.path base/model --corpus.path augmented --scorer.path scorer
  --method.name tracebias --train.iterations 30 --train.batch 12 --train.unit 2
  --generate.max_tokens 12 --report.samples 0 --run.threads 1)
stop_and_go_on() {  # stop_and_go_on KEYS...: with staleness 1, rollouts are under way at the stop
  rm -rf stopped whole
  "$arf" "${stoppable[@]}" "$@" --output whole >whole.txt 2>err.txt || { cat err.txt; fail "exit $?"; }
  mpirun -np 3 --bind-to none "$arf" "${stoppable[@]}" "$@" --roles.generators 1 --roles.scorers 1 \
    --roles.learners 1 --output "$work/stopped" >out.txt 2>err.txt &
  local job=$! code
  for _ in $(seq 600); do
    [ "$(cat stopped/metrics.jsonl 2>/dev/null | wc -l)" -gt 3 ] && break
    sleep 0.05
  done
  pkill -TERM -n -f -- "--output $work/stopped( |$)"
  (sleep 60; pkill -9 -f -- "--output $work/stopped( |$)") >/dev/null 2>&1 &  # it has to stop
  local deadline=$!
  wait $job
  code=$?
  kill $deadline
  [ $code = 85 ] || { cat err.txt; fail "SIGTERM gives exit $code, not 85 ($*)"; }
  compgen -G 'stopped/checkpoints/*/DONE' >/dev/null || fail "SIGTERM leaves no checkpoint ($*)"
  cp -r scorer/scorer kept
  cp other/scorer/model.safetensors scorer/scorer/model.safetensors
  "$arf" "${stoppable[@]}" "$@" --output "$work/stopped" >out.txt 2>err.txt
  [ $? = 3 ] && grep -q 'was made from other inputs' err.txt ||
    fail "goes on with another scorer: $(tail -n 1 err.txt)"
  rm -r scorer/scorer && mv kept scorer/scorer
  echo '{"eos_token_id": 7}' >base/model/generation_config.json
  "$arf" "${stoppable[@]}" "$@" --output "$work/stopped" >out.txt 2>err.txt
  [ $? = 3 ] && grep -q 'was made from other inputs' err.txt ||
    fail "goes on with other end tokens: $(tail -n 1 err.txt)"
  rm base/model/generation_config.json
  MKL_CBWR=COMPATIBLE "$arf" "${stoppable[@]}" "$@" --output "$work/stopped" >out.txt 2>err.txt
  [ $? = 3 ] && grep -q 'arithmetic has changed' err.txt ||
    fail "goes on where products have other bits: $(tail -n 1 err.txt)"
  # Its checkpoint in a run of another seed: as a folder looks that was put together from two.
  rm -rf seed
  ARF_FAULT=kill:phase=learn "$arf" "${stoppable[@]}" "$@" --run.seed 2 --output seed >out.txt 2>err.txt
  rm -rf seed/checkpoints && cp -r stopped/{checkpoints,*.jsonl,events*} seed/
  "$arf" "${stoppable[@]}" "$@" --run.seed 2 --output seed >out.txt 2>err.txt
  [ $? = 3 ] && grep -q 'was made from other inputs.* a setting' err.txt ||
    fail "goes on from a run of another seed: $(tail -n 1 err.txt)"
  for file in base/model/config.json scorer/scorer/config.json; do
    cp "$file" kept.json
    sed -i 's/_norm_eps": [0-9.e-]*/_norm_eps": 0.1/' "$file"
    cmp -s "$file" kept.json && fail "$file has another form"
    "$arf" "${stoppable[@]}" "$@" --output "$work/stopped" >out.txt 2>err.txt
    [ $? = 3 ] && grep -q 'was made from other inputs' err.txt ||
      fail "goes on with another $file: $(tail -n 1 err.txt)"
    mv kept.json "$file"
  done
  mpirun -np 2 --bind-to none "$arf" "${stoppable[@]}" "$@" --output "$work/stopped" >out.txt \
    2>err.txt || { cat err.txt; fail "the stopped run does not go on ($*)"; }
  same_digest out.txt whole.txt ||
    fail "stopped and gone on with: another digest ($*)"
  for run in whole stopped; do
    sed -E 's/.*("iteration":[0-9]*,).*("tokens\/generated":[0-9.]*).*/\1\2/' $run/metrics.jsonl >$run.txt
  done
  cmp -s whole.txt stopped.txt || fail "stopped and gone on with: other counts of tokens ($*)"
}
stop_and_go_on --train.staleness 0
stop_and_go_on --train.staleness 1

# What a run reads is changed while it is at work: a corpus that `track` reads once more is refused, and
# so is a model that was written to in its place, since it is mapped. Another file in its place is
# another's. From a file that was touched the run goes on, too, but by the same command only: it may have
# been another for a while.
while_at_work() {  # while_at_work FILE LINES CHANGE COMMAND...: once the file of its folder has so many
  local file=busy/$1 lines=$2 change=$3 job
  shift 3
  rm -rf busy
  "$@" --output "$work/busy" >out.txt 2>err.txt &
  job=$!
  for _ in $(seq 3000); do
    [ "$(cat $file 2>/dev/null | wc -l)" -ge "$lines" ] && break
    sleep 0.02
  done
  kill -0 $job 2>/dev/null && [ "$(cat $file 2>/dev/null | wc -l)" -ge "$lines" ] ||
    fail "has no $lines lines in $file, or has ended: $*"
  eval "$change"
  wait $job
  code=$?
}
written_to='its weights were written to, or touched, while they were in use'
busy=("$arf" "${stoppable[@]}" --train.checkpoint_every 4)
"${busy[@]}" --output calm >calm.txt 2>err.txt || { cat err.txt; fail "exit $?"; }
weights=base/model/model.safetensors
cp $weights as_it_was
damage() { dd if=/dev/zero of="$1" bs=1000 seek=20 count=60 conv=notrunc status=none; }
goes_on_as_it_was() {
  "${busy[@]}" --output busy >out.txt 2>err.txt && same_digest out.txt calm.txt ||
    { cat err.txt; fail "does not go on with the model as it was, $*"; }
}
while_at_work metrics.jsonl 5 "damage $weights" "${busy[@]}"
[ $code = 3 ] && grep -q "base/model: $written_to" err.txt || { cat err.txt; fail "exit $code where the model was written to"; }
cp as_it_was $weights
goes_on_as_it_was
mkdir -p host && cp -r base augmented scorer host/
while_at_work metrics.jsonl 5 "damage host/$weights" mpirun --bind-to none -np 1 "${busy[@]}" --output "$work/busy" \
  : -np 1 --wdir host "${busy[@]}"
[ $code = 3 ] && grep -qE "rank 1 \(host .*\): base/model: $written_to" err.txt ||
  { cat err.txt; fail "exit $code where rank 1's model was written to"; }
goes_on_as_it_was after rank 1  # and from no checkpoint that came of the other one
rm -r host
while_at_work metrics.jsonl 5 "cp as_it_was new && damage $weights && mv $weights gone && mv new $weights" "${busy[@]}"
[ $code = 3 ] && grep -q "$written_to" err.txt || { cat err.txt; fail "exit $code where the file that is mapped was written to"; }
# At the iteration's end, with no checkpoint before the last.
while_at_work metrics.jsonl 5 "touch $weights; cp other/scorer/model.safetensors new" "$arf" "${stoppable[@]}"
[ $code = 3 ] && grep -q "$written_to" err.txt || { cat err.txt; fail "exit $code where the model was touched"; }
[ "$(cat busy/metrics.jsonl | wc -l)" -lt 30 ] || fail "goes on to its end where the model was touched"
goes_on_as_it_was after a touch
grep -q 'units of the journal need not be sampled again' err.txt || fail "a touch has cost what was sampled before it"
while_at_work metrics.jsonl 5 "mv new $weights" "${busy[@]}"
[ $code = 0 ] && same_digest out.txt calm.txt || { cat err.txt; fail "exit $code where another file took the model's place"; }
cp as_it_was $weights
# The report's rewards are those of the scorer that was read at the start.
sampled=("$arf" train --model.path base/model --corpus.path augmented --scorer.path scorer
  --method.name tracebias --train.iterations 15 --train.batch 12 --train.unit 2
  --generate.max_tokens 12 --report.samples 2 --run.threads 1)
rewards() { grep -oE 'reward -?[0-9][0-9.e-]*' "$1/report.html"; }
"${sampled[@]}" --output sampled >sampled.txt 2>err.txt || { cat err.txt; fail "exit $?"; }
[ -n "$(rewards sampled)" ] || fail "the report shows no rewards"
split=(--roles.generators 1 --roles.scorers 1 --roles.learners 1)
for command in '"${sampled[@]}"' 'mpirun -np 3 --bind-to none "${sampled[@]}" "${split[@]}"'; do
  for change in 'mv scorer away' 'mv scorer away && cp -r other scorer'; do
    eval "while_at_work metrics.jsonl 3 '$change' $command"
    rm -rf scorer && mv away scorer
    [ $code = 0 ] && same_digest out.txt sampled.txt && [ "$(rewards busy)" = "$(rewards sampled)" ] ||
      { cat err.txt; fail "exit $code, or other rewards, after $change: $command"; }
  done
done
while_at_work config.ini 1 "damage $weights" "$arf" evaluate --model.path base/model --evaluate.adapters run --scorer.path scorer \
  --corpus.path augmented --generate.max_tokens 48 --run.threads 1
[ $code = 3 ] && grep -q "base/model: $written_to" err.txt && [ ! -e busy ] ||
  { cat err.txt; fail "exit $code where the model was written to during evaluate"; }
# Cut short, so that what is mapped is gone.
while_at_work config.ini 1 "truncate -s 1000 $weights" "$arf" evaluate --model.path base/model --evaluate.adapters run \
  --scorer.path scorer --corpus.path augmented --generate.max_tokens 48 --run.threads 1
[ $code = 3 ] && grep -q 'was cut short' err.txt || { cat err.txt; fail "exit $code where the model was cut during evaluate"; }
cp as_it_was $weights
while_at_work metrics.jsonl 5 "truncate -s 1000 $weights" "${busy[@]}"
# (3: seen between two reads, at the iteration's end)
[[ $code = [35] ]] && grep -qE "was cut short|$written_to" err.txt && ! grep -q '"units":\[[0-9]' busy/failures.jsonl ||
  { cat err.txt; fail "exit $code, or no sentence, or a unit blamed, where the model was cut"; }
cp as_it_was $weights
goes_on_as_it_was after it was cut
mv as_it_was $weights
cp -r labelled stream && cp -r augmented new
while_at_work metrics.jsonl 3 'mv stream away && mv new stream' "$arf" track --corpus.path stream --scorer.path scorer \
  --track.passes 20 --run.threads 1
[ $code = 3 ] && grep -q 'stream: is another corpus than the one' err.txt ||
  { cat err.txt; fail "exit $code where the corpus was replaced"; }

# Ranks that are not alike are refused, each with its own reason: rank 1 has other files (as on another
# host), settings, products (as on another maker's processor) or another program than rank 0.
commit=$("$arf" --version | sed -n '1s/.*(\(.*\))$/\1/p')
LC_ALL=C sed "s/$commit/${commit//?/x}/g" "$arf" >changed && chmod +x changed
# A build of the same name: another hash by the linker, whose first byte but 16 is at this place.
cp "$arf" recompiled
place=$((0x$(readelf -S -W "$arf" | sed -n 's/.*\.note\.gnu\.build-id *NOTE *[0-9a-f]* *\([0-9a-f]*\).*/\1/p') + 16))
[ $place -gt 16 ] || fail "no build ID by readelf"
printf "\\x$(printf %02x $((0x$(od -An -tx1 -j $place -N 1 "$arf" | tr -d " ") ^ 1)))" | dd of=recompiled bs=1 seek=$place conv=notrunc status=none
# What lies beside a model, or in a run's folder, is not what is read.
cp run/adapter/adapter_model.safetensors base/model/ && cp -r run/adapter scorer/
quietly "$arf" simulate --simulate.dialogues 60 --run.seed 3 --output simulated
quietly "$arf" label --corpus.path simulated --scorer.path scorer --output few
mkdir host
fresh_host() { rm -rf host/* && cp -r base augmented labelled scorer host/; }
# unlike EXIT WORDS COMMAND : MPIRUN'S WORDS... : WORDS BEHIND THE COMMAND
unlike() {
  local code=$1 words=$2 command=$3 mine=$4 behind=${5:-}
  # shellcheck disable=SC2086
  timeout 50 mpirun --bind-to none -np 1 "$arf" $command --output "$work/mixed" \
    : -np 1 $mine $command --output "$work/mixed" $behind >out.txt 2>err.txt
  [ $? = "$code" ] && [ "$(grep -c 'arf: error' err.txt)" = 1 ] &&
    grep -qE "arf: error: rank 1 \\(host [^ ]*\\): $words" err.txt ||
    { cat err.txt; fail "not exit $code and '$words': $mine $behind"; }
  [ ! -e mixed ] || { fail "ranks that are not alike leave a directory"; rm -r mixed; }
}
train="${stoppable[*]}" track="track --corpus.path labelled --scorer.path scorer"
for command in "$train" "$track"; do
  unlike 5 'computes other bits' "$command" "env MKL_CBWR=COMPATIBLE $arf"
  unlike 5 'runs arf [0-9.]* \(x*\).*and rank 0 arf' "$command" "$work/changed"
  unlike 5 'runs arf .*, build [0-9a-f]*, .*and rank 0 arf' "$command" "$work/recompiled"
  unlike 2 '--run.seed is 9, and on rank 0 1;' "$command" "$arf" "--run.seed 9"
  unlike 2 '--run.deadline is 0, and on rank 0 60;' "$command" "$arf" "--run.deadline 0"
  fresh_host
  rm -r host/scorer/scorer && cp -r other/scorer host/scorer/
  unlike 3 'reads other files than rank 0: scorer.* is ' "$command" "--wdir host $arf"
  fresh_host
  rm host/scorer/scorer/model.safetensors
  unlike 3 '.*scorer/scorer: ' "$command" "--wdir host $arf"
done
# Nor does a journal hand its units to another build.
rm -rf journal && few=${train/--train.iterations 30/--train.iterations 2}
ARF_FAULT=kill:iteration=1,phase=learn "$arf" $few --output journal >out.txt 2>err.txt
code=$?
[ $code = 5 ] || fail "killed: exit $code"
./recompiled $few --output journal >out.txt 2>err.txt || { cat err.txt; fail "another build does not go on"; }
grep -q 'is of another build of arf' err.txt || { cat err.txt; fail "another build takes the journal's units"; }
# Where products are alike, the C library's functions may not be.
if grep -qw fma /proc/cpuinfo; then
  unlike 5 'computes other bits' "$train" "env GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4 $arf"
else
  echo "not tried here: another C library's functions (they take a processor with FMA)"
fi
fresh_host
printf '\001' | dd of=host/base/model/model.safetensors bs=1 conv=notrunc status=none \
  seek=$(($(stat -c %s base/model/model.safetensors) - 2))
cmp -s {host/,}base/model/model.safetensors && fail 'the model is the same'
unlike 3 'reads other files than rank 0: model is ' "$train" "--wdir host $arf"
for other in augmented few; do  # more rows than here, or fewer
  fresh_host
  rm -r host/labelled && cp -r $other host/labelled
  unlike 3 'reads other files than rank 0: corpus is ' "$track" "--wdir host $arf"
done
unlike 2 '--generate.temperature is 0.5, and on rank 0 1;' "$train" "$arf" "--generate.temperature 0.5"
unlike 2 '--train.check_every is 1, and on rank 0 50;' "$train" "$arf" "--train.check_every 1"
fresh_host
echo '{"eos_token_id": 7}' >host/base/model/generation_config.json
unlike 3 'reads other files than rank 0: end_tokens is \[7\]' "$train" "--wdir host $arf"
fresh_host
rm -r host/augmented && cp -r labelled host/augmented
unlike 3 'reads other files than rank 0: corpora' "$train" "--wdir host $arf"
timeout 50 mpirun --bind-to none -np 1 "$arf" $train --output "$work/mixed" \
  : -np 1 "$arf" $track --output "$work/mixed" >out.txt 2>err.txt
[ $? = 5 ] && grep -q 'rank 1 (host .* track, and rank 0 arf .* train;' err.txt || { cat err.txt; fail "two commands in one job"; }
# Threads and the log's form may be each rank's own.
fresh_host
few=${few/--run.threads 1/}
mpirun --bind-to none -np 1 "$arf" $few --output "$work/mixed" : --wdir host -np 1 "$arf" $few --output "$work/mixed" \
  --run.threads 2 --log.format json >out.txt 2>err.txt ||
  { cat err.txt; fail "equal files elsewhere, and other threads, are refused"; }
"$arf" $few --output alone >alone.txt 2>err.txt
same_digest out.txt alone.txt || { cat err.txt; fail "and come to another digest"; }

# Without standard streams, what is written to them stays out of the run's files.
for closed in '2>&-' '<&- 2>&-' '<&- >&- 2>&-'; do
  rm -rf closed
  eval "\"\$arf\" fit-scorer --corpus.path corpus --scorer.encoder encoder --scorer.random_weights true \
    --scorer.tokenizer tokenizer --train.iterations 3 --run.seed 2 --output closed $closed" >/dev/null
  code=$?
  [ "$code" = "$([[ $closed == *'>&- 2'* ]] && echo 4 || echo 0)" ] || fail "with $closed: exit $code"
  [ "$(grep -c '^{"iteration":.*}$' closed/metrics.jsonl)/$(wc -l <closed/metrics.jsonl)" = 3/3 ] ||
    fail "with $closed, metrics.jsonl has other than a line an iteration: $(cat closed/metrics.jsonl)"
done

if unshare -m true 2>/dev/null; then
  unshare -m bash -c 'mount -t tmpfs none /dev; exec "$0" --version <&-' "$arf" >out.txt 2>err.txt
  [ $? = 4 ] && grep -q 'error: a standard stream is closed, and /dev/null cannot be opened' err.txt ||
    fail "without /dev/null: $(cat err.txt)"
else
  echo "not tried here: no /dev/null (it takes a mount namespace)"
fi

echo "$failed failed"
[ "$failed" = 0 ]
