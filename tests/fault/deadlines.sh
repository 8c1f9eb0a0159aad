#!/bin/bash
# A rank that dies, hangs or throws, or gets other bits than were sent, ends the job in bounded time
# with exit 5 and one sentence that names it; the same command goes on to the digest of an undisturbed
# run. A slow disk and a suspended job end nothing.
# usage: deadlines.sh [path of arf]
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../end_to_end/small_world.sh"
deadline=3 failed=0 tried=0
# A crash on purpose is one for sanitizers too, which would end it with their own exit code.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:handle_segv=0 TSAN_OPTIONS=${TSAN_OPTIONS:-}:handle_segv=0

train() {  # train OUTPUT RANKS KEYS...
  local output=$1 ranks=$2
  shift 2
  mpirun -np "$ranks" --bind-to none "$arf" train --model.path base/model --corpus.path augmented \
    --scorer.path scorer --method.name tracebias --train.batch 12 --train.unit 2 \
    --train.iterations 4 --train.checkpoint_every ${every:-1} --generate.max_tokens 12 --report.samples 0 \
    --run.threads ${threads:-1} --run.deadline $deadline --run.start_deadline ${start:-6} --output "$work/$output" "$@"
}
digest() { "$arf" inspect "$1" --json | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' | head -n 1; }

# The process that mpirun started for a rank: its guardian, whose child is the worker.
guardian_of() { pgrep -P "$(pgrep -n -f -- "^mpirun .*--output $work/run( |\$)")" | sed -n $(($1 + 1))p; }
until_begun() {
  until [ -s run/metrics.jsonl ]; do
    kill -0 $job 2>/dev/null || { wrong 'the job has ended before its first iteration'; return 1; }
    sleep 0.02
  done
}

# is_left OUTPUT [SECONDS]: whether a process of that run is there still so long (1) behind mpirun's end.
# What a guardian leaves behind to see to mpirun's end ends some moments after it.
is_left() {
  local look
  for look in $(seq $((20 * ${2:-1}))); do
    pgrep -f -- "--output $1( |\$)" >/dev/null || return 1
    sleep 0.05
  done
}

wrong() { failed=$((failed + 1)); echo "  WRONG: $*"; sed 's/^/    /' err; }

# meets FAULT RANKS WORDS...: the sentence holds all words.
meets() {
  local fault=$1 ranks=$2 began code took word
  shift 2
  rm -rf run
  began=$(date +%s%N)
  ARF_FAULT=$fault timeout 60 bash -c "$(declare -f train); deadline=$deadline arf=$arf work=$work; train run $ranks $split" >out 2>err
  code=$?
  took=$((($(date +%s%N) - began) / 1000000))
  tried=$((tried + 1))
  printf '%-52s exit %3d after %5d ms: %s\n' "$fault, $ranks ranks" $code $took "$(grep -m1 'the job ends' err | cut -c1-200)"
  [ $code = 5 ] || wrong "exit $code"
  [ "$(grep -c 'the job ends' err)" = 1 ] || wrong "$(grep -c 'the job ends' err) sentences"
  for word; do grep -qF -- "$word" err || wrong "no \`$word\`"; done
  is_left "$work/run" && wrong "a process is left"
  train run $ranks $split >log.txt 2>&1 || { cp log.txt err; wrong "does not go on"; }
  [ "$(digest run)" = "$wanted" ] || wrong "digest $(digest run)"
}

# goes_through NAME: what ended with $code has the digest, and nobody was judged.
goes_through() {
  tried=$((tried + 1))
  [ $code = 0 ] || wrong "$1: exit $code"
  [ "$(digest run)" = "$wanted" ] || wrong "$1: digest $(digest run)"
}

# fails_twice FAULT RANKS KEYS...: two starts of a new run end with 5, each at the fault.
fails_twice() {
  local fault=$1 code
  shift
  rm -rf run
  for _ in 1 2; do
    ARF_FAULT=$fault train run "$@" >out 2>err
    code=$?
    [ $code = 5 ] || wrong "$fault: exit $code"
  done
}

# is_refused UNIT RANKS [DOING]: the unit is not tried a third time.
is_refused() {
  train run "$2" >out 2>err
  [ $? = 3 ] && grep -q "unit $1 of iteration 1 ended this job twice in a row (while ${3:-learning}): dialogue" err ||
    wrong "unit $1, which failed twice, is tried again, or another is named"
}

split=''
quietly train plain 1
wanted=$(digest plain)
three_roles='--roles.learners 1 --roles.scorers 1 --roles.generators 1'
split=$three_roles
meets kill:rank=2,iteration=1,phase=generate 3 'rank 2 (generator' 'sampling replies in iteration 1' 'killed by signal 9'
meets kill:rank=1,iteration=2,phase=score 3 'rank 1 (scorer' 'scoring replies in iteration 2'
meets kill:rank=0,iteration=2,phase=learn 3 'rank 0 (learner' 'learning in iteration 2'
meets hang:rank=2,iteration=1,phase=generate 3 'rank 2 (generator' 'made no progress for 3 s'
meets hang:rank=1,iteration=1,phase=score 3 'rank 1 (scorer' 'made no progress'
meets hang:rank=0,iteration=1,phase=checkpoint 3 'rank 0 (learner' 'writing a checkpoint in iteration 1'
meets hang:rank=1,phase=start 3 'rank 1 (' 'starting' 'made no progress for 6 s'
meets hang:rank=1,phase=load 3 'rank 1 (scorer' 'loading models and corpora' 'made no progress for 6 s'
meets stop:rank=1,iteration=1 3 'rank 1 (scorer' 'made no progress'
meets throw:rank=2,iteration=1,phase=generate 3 'rank 2 (generator'
meets flip:rank=2,iteration=1,phase=generate 3 'rank 1 (scorer' 'came with other bits'
meets flip:rank=1,iteration=1,phase=score 3 'rank 0 (learner' 'came with other bits'
meets flip:rank=2,iteration=1,phase=sync 3 'rank 2 (generator' 'policy 2 came to rank 2 with other bits'
split=''
meets hang:rank=0,iteration=1,phase=learn 1 'rank 0 (learner and scorer and generator' 'learning in iteration 1'
meets kill:rank=0,iteration=1,phase=generate,unit=3 1 'last unit 3'
meets kill:rank=1,iteration=1,phase=sync 2 'rank 1 (learner and scorer and generator'

# A unit that fails twice in a row is not tried a third time before somebody has looked at it.
fails_twice crash:rank=0,iteration=1,phase=learn,unit=3 1
is_refused 3 1
rm run/failures.jsonl
train run 1 >log.txt 2>err || wrong "does not go on"
[ "$(digest run)" = "$wanted" ] || wrong "digest $(digest run)"

# Of the units that a rank's threads are at side by side, it is the one that failed that is named.
threads=2
for kind in hang throw crash; do
  for phase in generate learn; do
    fails_twice $kind:iteration=1,phase=$phase,unit=0 1
    grep -q "in iteration 1, last unit 0: " err || wrong "$kind in $phase: another unit is named"
    is_refused 0 1 "$([ $phase = learn ] && echo learning || echo sampling replies)"
  done
done
# Where that is not known, all that it may be are.
sed -i 's/"units":\[0\]/"units":[0,1]/' run/failures.jsonl
train run 1 >out 2>err
[ $? = 3 ] && grep -qE 'one of units 0 and 1 of iteration 1 seems to have ended .*: dialogue ([^,;]*, ){3}[^,;]*;' err ||
  wrong 'one of two units is tried again'
# So is one that throws on another rank than 0, where the sentence is that rank's own.
fails_twice throw:rank=1,iteration=1,phase=learn,unit=1 2
is_refused 1 2
threads=1

# Bits that turned on their way are no unit's failure, nor is what hangs before a unit has begun.
for fault in flip:rank=1,iteration=1,phase=score hang:rank=2,iteration=1,phase=generate; do
  every=50
  fails_twice $fault 3 $three_roles
  every=1
  ! grep -q 'last unit' err || wrong "$fault: met at a unit"
  [ ! -e run/failures.jsonl ] || wrong "$fault: a unit is noted: $(cat run/failures.jsonl)"
  train run 1 >out 2>err
  code=$?
  goes_through "$fault twice"
done

# With another corpus a unit has other dialogues, and those have not failed.
fails_twice crash:iteration=0,phase=learn,unit=3 1
mv augmented kept
quietly "$arf" augment --corpus.path labelled --scorer.path scorer --static_scorer.path scorer \
  --augment.synonym_rounds 1 --output augmented
train run 1 >out 2>err || wrong "dialogues of another corpus are blamed"
rm -r augmented && mv kept augmented

# With staleness, what is sampled ahead is named by its own iteration.
names=''
for staleness in 0 1; do
  fails_twice crash:iteration=2,phase=generate,unit=1 1 --train.staleness $staleness
  train run 1 --train.staleness $staleness >out 2>err
  names+=$(grep -o 'unit 1 of iteration 2 ended this job twice in a row (while sampling replies): dialogue [^;]*' err)$'\n'
done
[ "$(sort -u <<<"$names" | grep -c dialogue)" = 1 ] && [ "$(grep -c dialogue <<<"$names")" = 2 ] ||
  wrong "other dialogues are named with staleness: $names"

# What was sampled since the last checkpoint is not sampled again.
every=50
rm -rf run
ARF_FAULT=kill:rank=2,iteration=2,phase=generate,unit=5 \
  train run 3 $three_roles >out 2>err
rm -rf other empty && cp -r run other && cp -r run empty
train run 2 >out 2>err || wrong "does not go on"
grep -qE '1[0-9] units of the journal need not be sampled again' err || wrong "no journal is read"
[ "$(digest run)" = "$wanted" ] || wrong "digest $(digest run)"
[ ! -e run/journal ] || wrong "the journal is left"
# Unless another build of arf sampled it, whose bits may be others.
for file in other/journal/*; do
  printf '%08d' 0 | dd of="$file" bs=1 seek=8 conv=notrunc status=none
done
train other 2 >out 2>err || wrong "does not go on behind a journal of another build"
grep -q 'the journal is passed over: .*is of another build of arf' err ||
  wrong "a journal of another build is passed over, and that is not said"
grep -q 'need not be sampled again' err && wrong "units of another build are taken"
[ "$(digest other)" = "$wanted" ] || wrong "digest $(digest other)"
# What a power cut may leave of a file is no other build's.
for file in empty/journal/*; do truncate -s 0 "$file" && truncate -s 4096 "$file"; done
train empty 2 >out 2>err || wrong "does not go on behind a journal of zeros"
grep -q 'passed over' err && wrong "zeros are taken for another build's journal"
[ "$(digest empty)" = "$wanted" ] || wrong "digest $(digest empty)"

every=1

# Without a deadline for the start, and deadlines that are none.
rm -rf run
start=0 train run 2 >out 2>err
code=$?
goes_through 'no deadline for the start'
for none in 0.5 -1 nan; do
  rm -rf run
  deadline=$none train run 1 >out 2>err
  [ $? = 2 ] && [ ! -e run ] || wrong "--run.deadline $none is taken"
done

# The process that mpirun started is the guardian. Where it is killed, mpirun says so by its code.
for rank in 0 1; do
  rm -rf run
  ARF_FAULT=slow:phase=learn,ms=300 train run 2 >out 2>err &
  job=$!
  until_begun
  kill -9 "$(guardian_of $rank)"
  wait $job
  code=$?
  [ $code = 137 ] || [ $code = 5 ] || wrong "a killed guardian: exit $code"
  is_left "$work/run" 5 && wrong "a killed guardian: a process is left"
  train run 1 >out 2>err
  code=$?
  goes_through 'a killed guardian'
done

# Guardians that cannot speak to one another any more: one of a host says so.
for signal in KILL STOP; do
  rm -rf run
  ARF_FAULT=slow:phase=learn,ms=1000 train run 4 >out 2>err &
  job=$!
  until_begun
  kill -$signal "$(guardian_of 0)"
  wait $job
  code=$?
  tried=$((tried + 1))
  [ $code = 137 ] || [ $code = 5 ] || wrong "$signal of the hub: exit $code"
  [ "$(grep -c 'the job ends' err)" = 1 ] && grep -q 'rank 0, as rank 1 (.* finds: is not heard of' err ||
    wrong "$signal of the hub: not one sentence, of rank 1"
done

# Until MPI has started, each rank can speak only of itself.
printf '#!/bin/bash\n[ "$OMPI_COMM_WORLD_RANK" = 2 ] && exec sleep 30\nexec %q "$@"\n' "$arf" >late
chmod +x late
rm -rf run
arf=$work/late train run 3 >out 2>err
code=$?
tried=$((tried + 1))
[ $code = 5 ] && grep -q 'starting: made no progress for 6 s' err || wrong "a rank that never starts: exit $code"
twice=$(grep -o '^arf: error: rank [0-9]*' err | sort | uniq -d)
[ -z "$twice" ] || wrong "a rank that never starts: $twice is named by another"

# A worker that is stopped while it waits for a slow rank.
rm -rf run
ARF_FAULT=slow:rank=2,phase=generate,ms=900 train run 3 $three_roles >out 2>err &
job=$!
until_begun
sleep 0.5
kill -STOP "$(pgrep -P "$(guardian_of 1)")"
wait $job
code=$?
tried=$((tried + 1))
[ $code = 5 ] && [ "$(grep -c 'the job ends' err)" = 1 ] && grep -q 'rank 1 (scorer.*: made no progress for 3 s' err ||
  wrong "stopped while it waits: exit $code"

# A file that is taken away from a run that goes on.
rm -rf run
ARF_FAULT=slow:phase=learn,ms=300 train run 1 >out 2>err &
job=$!
until_begun
rm run/metrics.jsonl
wait $job
[ $? = 4 ] && grep -q 'metrics.jsonl: was removed or changed while the run was going on' err ||
  wrong "a metrics file that was removed is not missed"

# Each of some 70 writes of an iteration takes 60 ms: longer than the deadline, but each is progress.
cc -shared -fPIC -o disk_faults.so "$here/disk_faults.c" -ldl || exit 1
rm -rf run
began=$(date +%s)
FAULT_FOLDER=$work/run FAULT_AT=100 FAULT_KIND=slow FAULT_MS=60 LD_PRELOAD=$work/disk_faults.so \
  train run 1 >out 2>err
code=$?
goes_through 'a slow disk'
[ $(($(date +%s) - began)) -gt $((2 * deadline)) ] || wrong 'the disk was not slow'

# All processes stand still for longer than the deadline.
rm -rf run
ARF_FAULT=slow:phase=learn,ms=300 train run 2 >out 2>err &
job=$!
until_begun
mapfile -t all < <(pgrep -f -- "--output $work/run( |\$)")
kill -STOP "${all[@]}"
sleep $((2 * deadline))
! grep -q '"finished": true' run/manifest.json || wrong 'the job had ended before it was suspended'
kill -CONT "${all[@]}"
wait $job
code=$?
goes_through 'a suspended job'

# SIGINT to the process that was started, not to its group as a terminal sends it.
rm -rf run
ARF_FAULT=slow:phase=learn,ms=300 env --default-signal=INT "$arf" train --model.path base/model \
  --corpus.path augmented --scorer.path scorer --train.batch 4 --train.iterations 9 --output "$work/run" >out 2>err &
job=$!
until_begun
kill -INT $job
wait $job
code=$?
tried=$((tried + 1))
[ $code = 130 ] || wrong "SIGINT: exit $code, not 130"
is_left "$work/run" && wrong "SIGINT: a process is left"

echo "$tried faults met, $failed wrong"
[ $failed = 0 ]
