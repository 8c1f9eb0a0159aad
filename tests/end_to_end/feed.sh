#!/bin/bash
# The ARF scorer learns from a watched folder while `train` runs: one digest for every layout, for
# runs that are killed and gone on with, and for a replay; with staleness 0 and 1. Files that cannot
# be taken end no run.
# usage: feed.sh [path of arf]
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
. "$(dirname "$0")/small_world.sh"
failed=0 compared=0
fail() { failed=$((failed + 1)); echo "WRONG: $*"; }

# Messages of feedback: say REPLY SATISFACTION; react REPLY REACTION
say() { printf '{"messages":[{"role":"user","content":"what is it"},{"role":"assistant","content":"%s","satisfaction":%s}]}\n' "$1" "$2"; }
react() { printf '{"messages":[{"role":"user","content":"what is it"},{"role":"assistant","content":"%s"},{"role":"user","content":"%s"}]}\n' "$1" "$2"; }
mkdir watched
drop() { cat >"$1/.$2" && mv "$1/.$2" "$1/$2"; }  # drop FOLDER NAME: written beside, renamed in
messages() { for i in $(seq "$1" "$2"); do say "reply $i it is so" '[0,0,1]'; react "answer $i" "that was a great help $i"; done; }
messages 1 3 | drop watched 01.jsonl
messages 4 4 | drop watched 02.jsonl
{ messages 5 5; printf '{"messages":[{"role":"user","content":"\xff"}]}\n'; } | drop watched 03-utf8.jsonl
{ messages 6 6; echo '{"message":[]}'; } | drop watched 04-fields.jsonl
say "$(printf '%0100000d' 7)" '[1,0,0]' | drop watched 05-long.jsonl
react 'answer 8' '😀👍' | drop watched 06-emoji.jsonl
ln -s 01.jsonl watched/07-link.jsonl
messages 9 15 | drop watched 08.jsonl
messages 16 17 | drop watched 09.jsonl
messages 1 1 | drop watched 'no name of a feed.jsonl'
messages 1 1 >watched/10.jsonl.tmp
cp -r watched whole

method=tracebias iterations=7
# train OUTPUT RANKS GENERATORS SCORERS LEARNERS KEYS...
train() {
  local output=$1 ranks=$2 g=$3 s=$4 l=$5
  shift 5
  mpirun -np "$ranks" --bind-to none "$arf" train --model.path base/model --corpus.path augmented \
    --scorer.path scorer --method.name $method --train.batch 6 --train.unit 2 \
    --train.iterations $iterations --train.learning_rate 0.01 --generate.max_tokens 8 \
    --train.checkpoint_every 2 --report.samples 1 --run.threads 1 --roles.generators "$g" \
    --roles.scorers "$s" --roles.learners "$l" --output "$work/$output" "$@"
}
feed=(--static_scorer.path scorer --feed.replay_corpus corpus --feed.learning_rate 0.01 --feed.batch 4)
watching=(--feed.path watched --feed.files 2 "${feed[@]}")
digest() { "$arf" inspect "$1" --json | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' | head -n 1; }
numbers() { sed -E 's/"seconds[^,}]*,?//g; s/"tokens[^,}]*,?//g' "$1/metrics.jsonl"; }
# same WHAT RUN AS: adapter, scorer, what was taken, and all numbers of the iterations.
same() {
  compared=$((compared + 1))
  [ -n "$(digest "$3")" ] && [ "$(digest "$2")" = "$(digest "$3")" ] || fail "$1: another digest"
  [ "$(digest "$2/scorer")" = "$(digest "$3/scorer")" ] || fail "$1: another scorer"
  cmp -s "$2/feed/feed.jsonl" "$3/feed/feed.jsonl" || fail "$1: another feed was taken"
  [ "$(numbers "$2")" = "$(numbers "$3")" ] || fail "$1: other metrics"
  printf '%-52s %.16s %.16s\n' "$1" "$(digest "$2")" "$(digest "$2/scorer")"
}
# killed OUTPUT FAULT TRAIN'S WORDS...: it has to end by it.
killed() {
  local output=$1 fault=$2
  shift 2
  ARF_FAULT=$fault train "$output" "$@" >log.txt 2>&1 && { fail "$fault: was not killed"; cat log.txt; }
}

quietly train none 1 0 0 0
for there in none/feed none/scorer; do [ ! -e $there ] || fail "a run without a feed has $there"; done
grep -q 'scorer_version\|feed/' none/metrics.jsonl && fail 'a run without a feed has its numbers'

for staleness in 0 1; do
  keys=(--train.staleness $staleness)
  one=one-$staleness
  quietly train $one 1 0 0 0 "${watching[@]}" "${keys[@]}"
  [ "$(digest $one)" != "$(digest none)" ] || fail 'the feed changes nothing'
  [ "$(digest $one/scorer)" != "$(digest scorer)" ] || fail 'the scorer has learnt nothing'
  printf '%-52s %.16s %.16s\n' "staleness $staleness, one rank" "$(digest $one)" "$(digest $one/scorer)"
  versions=$(sed 's/.*"scorer_version":\([0-9]*\).*/\1/' $one/metrics.jsonl | tr '\n' ' ')
  [ "$versions" = '8 8 8 22 26 26 26 ' ] || fail "versions of the scorer: $versions"
  for words in '03-utf8.jsonl:3: is not UTF-8' '04-fields.jsonl:3: field `messages` is missing' \
    '05-long.jsonl:1: a text has 100000 bytes' '06-emoji.jsonl:1: the reaction' \
    '07-link.jsonl: is a symbolic link' 'no name of a feed.jsonl: is left alone'; do
    grep -qF "$words" log.txt || { fail "no warning \`$words\`"; cat log.txt; }
  done
  [ "$(grep -o refused $one/feed/feed.jsonl | wc -l)" = 5 ] || fail 'not five files are refused'

  for layout in "2 0 0 0" "3 1 1 1" "4 1 2 1" "4 2 3 2"; do
    rm -rf other
    # shellcheck disable=SC2086
    quietly train other $layout "${watching[@]}" "${keys[@]}"
    same "staleness $staleness, layout $layout" other $one
  done

  # Killed, and gone on with on another layout; when all is taken, whatever the folder has by then.
  for fault in kill:rank=0,iteration=0,phase=record kill:role=scorer,iteration=1,phase=score \
    kill:rank=0,iteration=3,phase=record kill:role=scorer,iteration=3,phase=score \
    kill:rank=0,iteration=3,phase=checkpoint kill:rank=0,iteration=4,phase=learn kill:rank=0,phase=finish; do
    rm -rf cut
    killed cut $fault 3 1 1 1 "${watching[@]}" "${keys[@]}"
    if [[ $fault = *iteration=4* || $fault = *finish* ]]; then
      rm -r watched && mkdir watched
    fi
    if [[ $fault = *phase=finish* ]]; then
      quietly train cut 3 1 1 1 "${watching[@]}" "${keys[@]}"
    else
      quietly train cut 2 0 0 0 "${watching[@]}" "${keys[@]}"
    fi
    rm -r watched && cp -r whole watched
    same "staleness $staleness, $fault" cut $one
  done

  # Asked to stop: a checkpoint, and the same command goes on.
  rm -rf cut
  train cut 3 1 1 1 "${watching[@]}" "${keys[@]}" >log.txt 2>&1 &
  job=$!
  until [ -s cut/metrics.jsonl ] || ! kill -0 $job 2>/dev/null; do sleep 0.02; done
  pkill -TERM -n -f -- "--output $work/cut( |$)"
  wait $job
  code=$?
  [ $code = 85 ] || { fail "SIGTERM gives exit $code, not 85"; cat log.txt; }
  quietly train cut 2 0 0 0 "${watching[@]}" "${keys[@]}"
  same "staleness $staleness, stopped on 3, resumed on 2" cut $one

  # Replayed, with nothing to watch; a replay is replayed, too, and killed.
  rm -rf again third
  quietly train again 3 1 1 1 --feed.replay $one "${feed[@]}" "${keys[@]}"
  same "staleness $staleness, replayed on 3 ranks" again $one
  killed third kill:role=scorer,iteration=3,phase=score 3 1 1 1 --feed.replay again "${feed[@]}" "${keys[@]}"
  quietly train third 1 0 0 0 --feed.replay again "${feed[@]}" "${keys[@]}"
  same "staleness $staleness, the replay replayed and killed" third $one
done
# What the scorer comes to hangs on no policy: not on the staleness either.
[ "$(digest one-0/scorer)" = "$(digest one-1/scorer)" ] || fail 'staleness changes the scorer'
[ "$(digest one-0)" != "$(digest one-1)" ] || fail 'staleness changes nothing'

# Dropped while it goes on, when it happens to; one comes too late by its name, one vanishes at once.
rm -rf live watched && mkdir watched
messages 1 2 | drop watched 50.jsonl
iterations=40 train live 3 1 1 1 --feed.path watched "${feed[@]}" >log.txt 2>&1 &
job=$!
for i in $(seq 51 90); do
  kill -0 $job 2>/dev/null || break
  messages "$i" "$i" | drop watched $i.jsonl
  messages 1 1 | drop watched 1$i.jsonl
  [ $((i % 5)) = 0 ] && messages "$i" "$i" | drop watched 9$i.jsonl && rm -f watched/9$i.jsonl
  sleep 0.1
done
wait $job || { fail 'the run with a live feed has failed'; cat log.txt; }
boundaries=$(grep -c '"messages"' live/feed/feed.jsonl)
[ "$boundaries" -ge 3 ] || fail "the feed came at $boundaries boundaries only"
grep -q 'sorts before it' log.txt || fail 'no file came too late'
rm -r watched
iterations=40 quietly train live-again 1 0 0 0 --feed.replay live "${feed[@]}"
same "live at $boundaries boundaries, replayed on one rank" live-again live

# With on_error stop the run ends, and goes on without the file.
mkdir watched
echo '{}' | drop watched 1.jsonl
train strict 1 0 0 0 --feed.path watched "${feed[@]}" --feed.on_error stop >log.txt 2>&1
code=$?
[ $code = 3 ] && grep -q 'watched/1.jsonl:1: field `messages` is missing' log.txt || { fail "stop: exit $code"; cat log.txt; }
rm watched/1.jsonl
quietly train strict 1 0 0 0 --feed.path watched "${feed[@]}" --feed.on_error stop

# A recorded feed that was changed, and settings that cannot be honoured.
refused() {  # refused CODE WORDS TRAIN'S WORDS...
  local code=$1 words=$2
  shift 2
  train bad 1 0 0 0 "$@" >log.txt 2>&1
  [ $? = "$code" ] && grep -qF -- "$words" log.txt || { fail "not exit $code with '$words'"; cat log.txt; }
  [ ! -e bad/adapter ] || fail "a run that was refused has an adapter"
  rm -rf bad
}
cp -r one-0 damaged
echo '{}' >damaged/feed/000000000-01.jsonl
refused 3 'has changed since it was taken' --feed.replay damaged "${feed[@]}"
refused 3 'there is no none/feed' --feed.replay none "${feed[@]}"
refused 3 'there is no such folder' --feed.path nowhere "${feed[@]}"
method=sft refused 2 'sft learns from no scorer' --feed.path watched "${feed[@]}"
refused 2 'are both given' --feed.path watched --feed.replay one-0 "${feed[@]}"
refused 2 'there is no static satisfaction data to replay' --feed.path watched
refused 2 '--static_scorer.path serves a feed' --static_scorer.path scorer
refused 2 '--feed.files is -1' --feed.path watched "${feed[@]}" --feed.files -1

echo "$compared runs compared, $failed wrong"
[ "$failed" = 0 ] && [ "$compared" = 29 ]
