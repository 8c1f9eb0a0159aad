#!/bin/bash
# `arf fit-tokenizer` and `arf tokenize` as a user runs them: answers, refusals, exit codes.
#   commands.sh ARF
set -uo pipefail
arf=$(realpath "$1")
. "$(dirname "$0")/../commands.sh"
same() { [ "$(cat "$work/out")" = "$1" ] || fail "$(cat "$work/out") instead of $1"; }

for i in $(seq 50); do
  echo '{"messages":[{"role":"user","content":"where is the house?"},'\
    '{"role":"assistant","content":"the house is there"}]}'
done >"$work/messages.jsonl"
expect 0 '' "$arf" import --import.format messages --import.input "$work/messages.jsonl" \
  --output "$work/corpus"

fit=("$arf" fit-tokenizer --corpus.path "$work/corpus")
expect 0 '' "${fit[@]}" --tokenizer.vocabulary 270 --output "$work/tokenizer"
grep -q '^vocabulary  270$' "$work/out" || fail "$(cat "$work/out")"
grep -q '^trained on  50 rows, 1850 bytes of text$' "$work/out" || fail "$(cat "$work/out")"
expect 0 '' "${fit[@]}" "$work/corpus" --tokenizer.vocabulary 270 --output "$work/twice" --json
grep -q '"vocabulary":270,"rows":100,"text_bytes":3700' "$work/out" || fail "$(cat "$work/out")"
cmp -s "$work/tokenizer/tokenizer.json" "$work/twice/tokenizer.json" ||
  fail 'a corpus given twice has other merges'
"$arf" import --config "$work/corpus/config.ini" --output "$work/imported_again" >"$work/out" 2>&1
cmp -s "$work/corpus/index.json" "$work/imported_again/index.json" ||
  fail "config.ini gave another corpus"
expect 0 '' "$arf" fit-tokenizer --config "$work/tokenizer/config.ini" --output "$work/again"
cmp -s "$work/tokenizer/tokenizer.json" "$work/again/tokenizer.json" ||
  fail "config.ini gave another tokenizer"
mkfifo "$work/fifo"
for input in "$work/fifo" /dev/stdin; do
  cat "$work/messages.jsonl" | expect 3 'is no regular file' timeout 20 "$arf" import \
    --import.format messages --import.input "$input" --output "$work/other"
done
ln -s loop "$work/loop"
expect 3 'cannot be read' "$arf" import --import.format messages --import.input "$work/loop" \
  --output "$work/other"
expect 4 'name too long' "$arf" import --import.format messages --import.input \
  "$work/messages.jsonl" --output "$work/$(printf 'a%.0s' $(seq 300))"
mkdir "$work/behind" && ln -s behind "$work/link"
expect 0 '' "$arf" import --import.format messages --import.input "$work/messages.jsonl" \
  --output "$work/link"
cmp -s "$work/corpus/index.json" "$work/behind/index.json" || fail 'a linked output is not followed'
mkdir "$work/here" "$work/deep" "$work/deep/below" "$work/precious.partial"
ln -s deep/below "$work/below"
: >"$work/precious.partial/mine"
import=("$arf" import --import.format messages --import.input "$work/messages.jsonl")
for output in a/b/../c/ below/../corpus; do
  expect 0 '' "${import[@]}" --output "$work/$output"
  expect 0 '' "$arf" inspect "$work/$output"
done
[ -e "$work/deep/corpus/index.json" ] || fail 'an output beside a linked folder is elsewhere'
expect 0 '' "${fit[@]}" --tokenizer.vocabulary 270 --output "$work/below/../tokenizer"
[ -e "$work/deep/tokenizer/tokenizer.json" ] || fail 'a tokenizer beside a linked folder is elsewhere'
expect 0 '' "${fit[@]}" --tokenizer.vocabulary 270 --output "$work/precious"
[ -e "$work/precious.partial/mine" ] || fail "fit-tokenizer removed a user's folder"
here() { (cd "$work/here" && "$@" --output .); }
expect 2 'name a folder inside' here "${import[@]}"
expect 2 'name a folder inside' here "${fit[@]}" --tokenizer.vocabulary 270
sed 's/"digest": "[^"]*",//' -i "$work/behind/index.json"
expect 3 'field `digest`' "$arf" fit-tokenizer --corpus.path "$work/behind" --output "$work/other"
expect 0 'pairs for a vocabulary of' "${fit[@]}" --tokenizer.vocabulary 4096 --output "$work/small"
expect 2 'holds something already' "${fit[@]}" --tokenizer.vocabulary 270 --output "$work/tokenizer"
expect 2 'a vocabulary of 200' "${fit[@]}" --tokenizer.vocabulary 200 --output "$work/other"
expect 3 '/nowhere' "${fit[@]}" /nowhere --output "$work/other"
expect 2 'output' "${fit[@]}"
[ ! -e "$work/other" ] || fail 'a refused run left its output'

tokenize=("$arf" tokenize --model.path "$work/small")
printf 'the house\n{"text":"the house"}\n' | expect 0 '' "${tokenize[@]}"
[ "$(sort -u "$work/out" | wc -l)" = 1 ] || fail "a text and its JSON differ: $(cat "$work/out")"
grep -q '"tokens":\["the","Ġhouse"\]' "$work/out" || fail "$(cat "$work/out")"
end=$(grep -B1 '"content": "<|im_end|>"' "$work/tokenizer/tokenizer.json" | grep -o '[0-9]*')
echo '!<|im_end|>' | expect 0 '' "$arf" tokenize --model.path "$work/tokenizer"
same "{\"ids\":[0,$end],\"tokens\":[\"!\",\"<|im_end|>\"]}"
# What the post-processor puts around a text, where that is asked for.
mkdir "$work/framed"
start=$(grep -B1 '"content": "<|im_start|>"' "$work/tokenizer/tokenizer.json" | grep -o '[0-9]*')
frame='"post_processor": {"type": "RobertaProcessing", "cls": ["<|im_start|>", START], "sep": ["<|im_end|>", END]}'
tr -d '\n' <"$work/tokenizer/tokenizer.json" | sed "s/\"post_processor\": *{[^}]*}/$frame/; s/START/$start/; s/END/$end/" \
  >"$work/framed/tokenizer.json"
echo '!' | expect 0 '' "$arf" tokenize --model.path "$work/framed" --tokenize.frame true
same "{\"ids\":[$start,0,$end],\"tokens\":[\"<|im_start|>\",\"!\",\"<|im_end|>\"]}"
echo '!' | expect 0 '' "$arf" tokenize --model.path "$work/framed"
same '{"ids":[0],"tokens":["!"]}'
echo '!<|' | expect 0 '' "${tokenize[@]}" --tokenize.parse_special false
same '{"ids":[0,27,91],"tokens":["!","<","|"]}'
printf '\n' | expect 0 '' "${tokenize[@]}"
same '{"ids":[],"tokens":[]}'
echo '{"words":1}' | expect 3 'stdin:1: the object has no string "text"' "${tokenize[@]}"
printf 'a\nb\xff\n' | expect 3 'stdin:2: byte 1' "${tokenize[@]}"
expect 3 'has no tokenizer.json' "$arf" tokenize --model.path "$work/corpus" </dev/null
expect 2 'model.path' "$arf" tokenize </dev/null
# What cannot be read is not taken for the end, and a line without one does not take the memory.
expect 3 'stdin cannot be read: Is a directory' "${tokenize[@]}" </
expect 3 'stdin cannot be read: Bad file descriptor' "${tokenize[@]}" <&-
{ echo '!'; yes aaaaaaaa | tr -d '\n'; } |
  (ulimit -v 4000000; expect 3 'stdin:2: has more than 16777216 bytes' timeout 60 "${tokenize[@]}")
same '{"ids":[0],"tokens":["!"]}'

finish
