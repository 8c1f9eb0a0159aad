#!/bin/bash
# fit-scorer, label, track and score as a user runs them: results, refusals, exit codes.
#   commands.sh ARF
set -uo pipefail
arf=$1
. "$(dirname "$0")/small_run.sh"

# ---- fit-scorer
expect 0 'texts to train on' "$arf" "${fit[@]}" --train.iterations 150 --run.threads 2 \
  --output "$work/static"
says 'accuracy'
says 'lowest validation loss'
says 'simulate: bag of words, balanced'
for file in config.ini manifest.json metrics.jsonl report.html scorer/config.json \
  scorer/model.safetensors scorer/tokenizer.json events.out.tfevents.0.arf; do
  [ -s "$work/static/$file" ] || fail "fit-scorer left no $file"
done
[ "$(wc -l <"$work/static/metrics.jsonl")" = 150 ] || fail 'metrics.jsonl: not a line an iteration'
grep -q '"finished": true' "$work/static/manifest.json" || fail 'the manifest is not finished'
[ "$(digest_of "$work/static")" = "$(digest_of "$work/static/scorer")" ] || fail 'two digests'
says "$(digest_of "$work/static")"
# The same seed gives the same bytes on one thread, another seed others; --json is one document.
expect 0 '' "$arf" "${fit[@]}" --train.iterations 150 --run.threads 1 --json --output "$work/again"
says "\"digest\":\"$(digest_of "$work/static")\""
accuracy=$(sed 's/.*"test":{"count":[0-9]*,"accuracy":\([0-9.]*\).*/\1/' "$work/out")
awk "BEGIN { exit !($accuracy > 0.6) }" || fail "accuracy $accuracy on held-out reactions"
expect 0 '' "$arf" "${fit[@]}" --train.iterations 20 --run.seed 2 --output "$work/other"
expect 0 '' "$arf" "${fit[@]}" --train.iterations 20 --output "$work/same"
[ "$(digest_of "$work/other")" = "$(digest_of "$work/same")" ] && fail 'the seed does nothing'
# Corpora in parts: a folder's train, validation and test are the sides.
for part in train:1 validation:2 test:3; do
  expect 0 '' "$arf" simulate --simulate.dialogues 60 --run.seed "${part#*:}" \
    --output "$work/parts/${part%:*}"
done
fit_parts=(fit-scorer --corpus.path "$work/parts" --scorer.encoder "$work/encoder"
  --scorer.random_weights true --scorer.tokenizer "$work/tokenizer" --train.iterations 5)
expect 0 '' "$arf" "${fit_parts[@]}" --fit.baseline false --json --output "$work/of_parts"
grep -q '"sources":{"simulate":{"scorer":{"count":' "$work/out" || fail "no measures of the source"
grep -q 'bag_of_words' "$work/out" && fail 'a baseline that nobody wanted'
grep -q '"parts":\|"parts": ' "$work/of_parts/manifest.json" || fail 'no digests of the parts'
expect 2 'one is a corpus and the other one is in parts' "$arf" "${fit_parts[@]:0:3}" "$work/corpus" "${fit_parts[@]:3}" \
  --output "$work/x"
rm -r "$work/parts/test"
expect 3 'parts: holds train/ and no test/' "$arf" "${fit_parts[@]}" --output "$work/x"
# A scorer goes on where it was, head and all.
expect 0 'its training goes on' "$arf" fit-scorer --corpus.path "$work/corpus" \
  --scorer.encoder "$work/static" --train.iterations 5 --output "$work/further"

expect 2 'holds results' "$arf" "${fit[@]}" --train.iterations 150 --output "$work/static"
expect 2 'needs --scorer.tokenizer' "$arf" fit-scorer --corpus.path "$work/corpus" \
  --scorer.encoder roberta-mini --output "$work/x"
expect 2 'leave this key out' "$arf" fit-scorer --corpus.path "$work/corpus" \
  --scorer.encoder "$work/static" --scorer.tokenizer "$work/tokenizer" --output "$work/x"
expect 2 'train.batch is 0' "$arf" "${fit[@]}" --train.batch 0 --output "$work/x"
expect 3 'neither minilm nor roberta-mini nor a folder' "$arf" fit-scorer --corpus.path "$work/corpus" \
  --scorer.encoder "$work/nowhere" --output "$work/x"
expect 3 'config.json' "$arf" fit-scorer --corpus.path "$work/corpus" \
  --scorer.encoder "$work/tokenizer" --output "$work/x"
expect 3 'nowhere' "$arf" fit-scorer --corpus.path "$work/nowhere" \
  --scorer.tokenizer "$work/tokenizer" --output "$work/x"

# ---- track, where the corpus has no labelled user's turns
for i in $(seq 40); do
  echo '{"messages":[{"role":"user","content":"who is '"$i"'?"},'\
    '{"role":"assistant","content":"it is '"$i"'"},{"role":"user","content":"thanks '"$i"'"}]}'
done >"$work/logs.jsonl"
expect 0 '' "$arf" import --import.format messages --import.input "$work/logs.jsonl" --output "$work/logs"
expect 0 '' "$arf" label --corpus.path "$work/logs" --scorer.path "$work/static" --output "$work/scored"
track=("$arf" track --corpus.path "$work/scored" --scorer.path "$work/static" --track.batch 8)
expect 3 '--track.replay_corpus' "${track[@]}" --output "$work/x"
expect 0 '' "${track[@]}" --track.replay_corpus "$work/corpus" --output "$work/replayed"
expect 0 '' "${track[@]}" --track.replay_ratio 0 --output "$work/not_replayed"
expect 2 'run.threads is -1; it takes 0 or more' "${track[@]}" --run.threads -1 --output "$work/x"
expect 4 'stdout: the result cannot be written' full "$arf" inspect "$work/corpus" --json

# ---- label
expect 0 '' "$arf" label --corpus.path "$work/corpus" --scorer.path "$work/static" \
  --run.threads 2 --output "$work/labelled"
says '0 with nothing to label'
expect 0 '' "$arf" label --corpus.path "$work/corpus" --scorer.path "$work/static/scorer" \
  --run.threads 1 --output "$work/labelled_again"
[ "$(digest_of "$work/labelled")" = "$(digest_of "$work/labelled_again")" ] || fail 'labels differ'
expect 0 '' "$arf" label --config "$work/labelled/config.ini" --output "$work/by_config"
[ "$(digest_of "$work/labelled")" = "$(digest_of "$work/by_config")" ] ||
  fail 'config.ini gives other labels'
expect 0 '' "$arf" label --corpus.path "$work/labelled" --scorer.path "$work/again" --json \
  --output "$work/twice"
says "\"replaced\":$(sed 's/.*"labelled":\([0-9]*\).*/\1/' "$work/out")"
expect 2 'holds results of `arf label`' "$arf" label --corpus.path "$work/corpus" \
  --scorer.path "$work/static" --output "$work/labelled"
expect 3 'no such folder' "$arf" label --corpus.path "$work/corpus" --scorer.path "$work/nowhere" \
  --output "$work/x"
expect 3 "no scorer's folder" "$arf" label --corpus.path "$work/corpus" \
  --scorer.path "$work/encoder" --output "$work/x"

# ---- track
expect 0 'held out' "$arf" track --corpus.path "$work/labelled" --scorer.path "$work/static" \
  --track.rescore_every 300 --train.learning_rate 1e-3 --output "$work/arf"
says 'static'
for file in config.ini manifest.json metrics.jsonl report.html scorer/model.safetensors \
  corpus/index.json; do
  [ -s "$work/arf/$file" ] || fail "track left no $file"
done
"$arf" inspect "$work/arf/corpus" >"$work/out" || fail 'the re-scored corpus does not open'
expect 0 '' "$arf" inspect "$work/arf/corpus" --json --inspect.rows 3
[ "$(grep -c '^    {"id":' "$work/out")" = 3 ] || fail 'not three rows'
grep -qE '"satisfaction":\[[^]]*\],"history":\[\[[^]]*\]' "$work/out" || fail 'no score of before is shown'
[ "$(digest_of "$work/arf/corpus")" = "$(digest_of "$work/labelled")" ] && fail 'nothing re-scored'
[ "$(digest_of "$work/arf")" = "$(digest_of "$work/static")" ] && fail 'track learnt nothing'
grep -q '"score/mean":' "$work/arf/metrics.jsonl" || fail 'no path of the mean score'
# An ARF scorer goes on; without replay no static data is needed.
expect 0 '' "$arf" track --corpus.path "$work/labelled" --scorer.path "$work/arf" \
  --track.replay_ratio 0 --track.rescore_every 0 --json --output "$work/arf2"
expect 3 'no response has a satisfaction' "$arf" track --corpus.path "$work/corpus" \
  --scorer.path "$work/static" --output "$work/x"
expect 2 'replay_ratio is 1' "$arf" track --corpus.path "$work/labelled" \
  --scorer.path "$work/static" --track.replay_ratio 1 --output "$work/x"

# ---- score
score=("$arf" score --scorer.path "$work/static")
{
  echo 'thank you, that was great'
  echo '{"text":"thank you, that was great"}'
  echo '{"prompt":"how do I boil an egg","response":"eight minutes"}'
} | expect 0 '' "${score[@]}"
[ "$(wc -l <"$work/out")" = 3 ] || fail "not a line for a line: $(cat "$work/out")"
[ "$(sed -n 1p "$work/out")" = "$(sed -n 2p "$work/out")" ] || fail 'a text and {"text"} differ'
grep -qE '^\{"satisfaction":\[[0-9.e-]+,[0-9.e-]+,[0-9.e-]+\],"reward":-?[0-9.e-]+\}$' "$work/out" ||
  fail "$(cat "$work/out")"
# A thousand lines, in order, whatever comes together.
for i in $(seq 1000); do echo "line $i is great"; done >"$work/lines"
expect 0 '' "${score[@]}" <"$work/lines"
cp "$work/out" "$work/in_one"
{ head -n 3 "$work/lines"; sleep 0.2; tail -n +4 "$work/lines"; } | expect 0 '' "${score[@]}" \
  --run.threads 1
cmp -s "$work/out" "$work/in_one" || fail 'scores depend on how lines arrive'
[ "$(sed -n 700p "$work/in_one")" = "$(sed -n 700p "$work/lines" | "${score[@]}")" ] ||
  fail 'line 700 alone has another score'
printf 'no newline at the end' | expect 0 '' "${score[@]}"
[ "$(wc -l <"$work/out")" = 1 ] || fail 'the last line was lost'
printf 'good\n{"text":5}\ngood\n' | expect 3 'stdin:2: `text` is not a string' "${score[@]}"
[ "$(wc -l <"$work/out")" = 1 ] || fail 'the lines before the bad one were not answered'
printf '{"prompt":"a"}\n' | expect 3 'stdin:1' "${score[@]}"
printf '{"text":\n' | expect 3 'stdin:1' "${score[@]}"
printf 'good\n\n' | expect 3 'stdin:2: holds no text' "${score[@]}"
printf 'good\xff\n' | expect 3 'stdin:1: is not UTF-8' "${score[@]}"
{ echo good; yes aaaaaaaa | tr -d '\n'; } | expect 3 'stdin:2: has more than 16777216 bytes' "${score[@]}"
[ "$(wc -l <"$work/out")" = 1 ] || fail 'the line before the long one was not answered'
expect 3 'stdin cannot be read: Is a directory' "${score[@]}" </
expect 2 'scorer.path' "$arf" score </dev/null
expect 0 '' "${score[@]}" </dev/null
[ -e "$work/x" ] && fail "something was left behind by a command that failed: $(ls "$work/x")"

finish
