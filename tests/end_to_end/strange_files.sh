#!/bin/bash
# Files that only look like what they are taken for, as a stranger's folder may have them: pipes that
# nobody writes, devices, files of 20 GB that take no room, names and values of any length. Nothing
# waits, nothing takes the memory, and each ends with one short sentence.
# usage: strange_files.sh [path of arf]
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
. "$(dirname "$0")/../commands.sh"
cd "$work" || exit 1
# Where more memory than a small file needs is asked for, the program ends at once.
bounded() { (ulimit -v 12000000; exec timeout 20 "$arf" "$@"); }
brief() { (ulimit -t 5; exec "$arf" "$@"); }
line='{"iteration":0,"units":[],"tensors":{}}'

# Pipes, devices, sparse files.
mkdir pipe_model pipe_run pipe_tokenizer device_model sparse_tokenizer
mkfifo pipe pipe_model/config.json pipe_run/manifest.json pipe_run/trail.jsonl pipe_tokenizer/tokenizer.json
ln -s /dev/zero device_model/config.json
truncate -s 20G sparse_tokenizer/tokenizer.json
for what in pipe pipe_model pipe_run pipe_tokenizer device_model; do
  expect 3 "is no regular file" bounded inspect "$what"
done
expect 3 "is no regular file" bounded tokenize --model.path pipe_tokenizer </dev/null
expect 3 "has more than" bounded inspect sparse_tokenizer
expect 3 "no tokenizer has more than" bounded tokenize --model.path sparse_tokenizer </dev/null

# Trails that cannot be read are no runs that are alike.
mkdir -p folder_run/trail.jsonl empty_run whole_run torn_run broken_run
: >empty_run/trail.jsonl
echo "$line" >whole_run/trail.jsonl
{ echo "$line"; printf '%s' "${line/0/1}"; } >torn_run/trail.jsonl
ln -s /proc/self/mem broken_run/trail.jsonl  # its first read fails
expect 3 "is no regular file" bounded compare pipe_run pipe_run
expect 3 "is a directory" bounded compare folder_run folder_run
expect 3 "cannot be read" bounded compare broken_run broken_run
expect 0 "" bounded compare empty_run empty_run --json
grep -q '"same":false' out || fail "two empty trails: $(cat out)"
expect 0 "" bounded compare empty_run whole_run
grep -q 'nothing compared' out || fail "an empty trail: $(cat out)"
expect 0 "trail.jsonl:2: the last line has no end" bounded compare torn_run whole_run --json
grep -q '"same":true' out || fail "a torn trail: $(cat out)"

# A user's own pipe is read; a device without an end is not.
expect 0 "" bounded compare --config <(printf '[compare]\nruns = whole_run\nruns = whole_run\n')
expect 3 "has more than" bounded compare --config /dev/zero

# A million of empty objects, or of values that say nothing: 3 MB, and 20.
mkdir many_model many_corpus many_run more_model
repeated() { printf '%s' "$1"; yes "$2" | head -n "$3" | tr -d '\n'; printf '%s' "$4"; }
for to in many_model/config many_corpus/index many_run/manifest; do
  repeated '{"format":"","x":[{}' ',{}' 1000000 ']}' >$to.json
done
repeated '{"x":[0' ',0' 10000000 ']}' >more_model/config.json
expect 0 "" brief inspect many_model
expect 0 "" brief inspect many_run
expect 3 "many_corpus/index.json: is not the index of a corpus" brief inspect many_corpus
expect 3 "more_model/config.json: has more than" brief inspect more_model
expect 3 "is not the manifest of a run" brief track --corpus.path many_corpus --scorer.path many_model --output many_run

# A dialogue of a million empty turns, which a shard holds in some 50 kB: a reader is shown both ends of it, --json
# has it whole, and neither takes more memory than the row itself some times.
repeated '{"messages":[{"role":"user","content":""}' ',{"role":"assistant","content":""},{"role":"user","content":""}' \
  500000 ']}' >turns.jsonl
expect 0 "" bounded import --import.format messages --import.input turns.jsonl --output turns
small() { (ulimit -v 1000000; exec "$arf" "$@"); }
expect 0 "" small inspect turns
[ "$(wc -c <out)" -lt 5000 ] && grep -q '^    \.\.\.  *999981 turns' out || fail "a long dialogue: $(head -c 5000 out)"
expect 0 "" small inspect turns --json
[ "$(grep -c '^      {"role":' out)" = 1000001 ] || fail "a long dialogue, as JSON: $(head -c 5000 out)"

# Sentences have a bound, and what is quoted makes no line of its own.
short() { [ "$(wc -c <err)" -lt 8000 ] || fail "$1: a sentence of $(wc -c <err) bytes"; }
tensors() {  # HEADER: a safetensors file without data
  local length=${#1} i
  for i in 0 8 16 24 32 40 48 56; do printf "$(printf '\\x%02x' $((length >> i & 255)))"; done
  printf '%s' "$1"
}
many() { head -c "$1" /dev/zero | tr '\0' a; }
tensors "{\"w\":{\"dtype\":\"$(many 30000000)\",\"shape\":[],\"data_offsets\":[0,0]}}" >long.safetensors
expect 3 "has the unknown dtype" bounded inspect long.safetensors
short "a long dtype"
tensors '{"w\narf: error: forged":{"dtype":"F5","shape":[],"data_offsets":[0,0]}}' >forged.safetensors
expect 3 'w\narf: error: forged' bounded inspect forged.safetensors
[ "$(wc -l <err)" = 1 ] || fail "a tensor's name makes a line: $(cat err)"
# Its distance to each key of `train` would take 20 seconds of a processor, however loaded.
{ many 16000000; echo ' = 1'; } >long.ini
expect 2 "is not a key of" brief train --config long.ini
short "a long key"

# Names, and a link to itself.
mkdir loop_model
ln -s config.json loop_model/config.json
expect 3 "symbolic links" bounded inspect loop_model
mkdir -p named/checkpoints/step-$'\xff'
: >named/checkpoints/step-$'\xff'/DONE
echo '{"format":"arf-run"}' >named/manifest.json
for form in "" --json; do
  expect 0 "" bounded inspect named $form
  grep -qF 'step-\xff' <(sed 's/\\\\/\\/' out) || fail "a name that is not UTF-8: $(cat out)"
done
mkdir long_name
cat >long_name/index.json <<END
{"format": "arf-corpus", "version": 2, "rows": 1, "digest": "$(many 64)",
 "shards": [{"file": "$(many 5000)", "rows": 1, "turns": 1, "bytes": 1, "xxh3": "0"}]}
END
expect 3 "shard is missing" bounded inspect long_name
finish
