#!/bin/bash
# Synonym substitution beside nlpaug's SynonymAug (WordNet, its defaults), on the same texts in
# turns: substitution by itself on one thread and on two, the whole of `arf augment`, and nlpaug.
#   benchmarks/augment.sh PYTHON NLTK_DATA [REPEATS]       default 5; some minutes
# PYTHON and NLTK_DATA: the peer, installed as the top of peers/nlpaug_speed.py says. Texts: the dev
# comments of GoEmotions and the first 2,000 outputs of Alpaca. Environment:
#   ARF      the program (default build/arf); beside it benchmarks/substitution
#            (cmake --build build --target arf substitution)
#   DATA     the folder of public data (default ../shared/data)
# Rates are of processor time, so that what else runs on the machine counts little. Loading (WordNet
# here, WordNet and the tagger there) is left out, but for `arf augment`: its row is of the whole
# process, which reads a corpus of the texts repeated to 40,000 rows and writes a variant of each.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# -ge 2 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
python=$1 nltk_data=$2 repeats=${3:-5}
arf=${ARF:-$here/build/arf} data=${DATA:-$here/../shared/data}
alone=$(dirname "$arf")/benchmarks/substitution peer=$here/benchmarks/peers/nlpaug_speed.py
for file in "$python" "$nltk_data" "$arf" "$alone" "$data"; do
  [ -e "$file" ] || { echo "augment.sh: $file is not there" >&2; exit 2; }
done
rows=40000 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT='%U %S'

# number NAME: of the JSON object on stdin.
number() { sed -n "s/.*\"$1\": *\([0-9.e-]*\).*/\1/p"; }
median() {
  sort -g | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

# whole: processor seconds of `arf augment` on one thread.
whole() {
  rm -rf "$work/out"
  { time "$arf" augment --corpus.path "$work/corpus" --augment.synonym_rounds 1 \
    --augment.truncate false --augment.pairs false --augment.keep_originals false \
    --run.threads 1 --output "$work/out" >"$work/said" 2>&1; } 2>"$work/time" ||
    { cat "$work/said" >&2; return 1; }
  awk '{ print $1 + $2 }' "$work/time"
}

# measure NAME FILE LIMIT
measure() {
  local texts count changed peer_changed
  "$python" "$peer" texts "$work/texts" "$data/$2" "$3"
  awk '{ print "{\"messages\": [{\"role\": \"user\", \"content\": \"Go on.\"}, " \
    "{\"role\": \"assistant\", \"content\": " $0 "}]}" }' "$work/texts" >"$work/once"
  count=$(wc -l <"$work/texts")
  for _ in $(seq $(((rows + count - 1) / count))); do cat "$work/once"; done >"$work/all"
  sed -n "1,${rows}p" "$work/all" >"$work/rows.jsonl"
  rm -rf "$work/corpus"
  "$arf" import --import.format messages --import.input "$work/rows.jsonl" --output "$work/corpus" \
    >/dev/null 2>&1
  rm -f "$work"/*.seconds
  for _ in $(seq "$repeats"); do
    "$alone" "$work/texts" 1 >"$work/one" && number cpu_seconds <"$work/one" >>"$work/one.seconds"
    "$python" "$peer" speed "$nltk_data" "$work/texts" >"$work/peer"
    number cpu_seconds <"$work/peer" >>"$work/peer.seconds"
    number process_cpu_seconds <"$work/peer" >>"$work/peer_whole.seconds"
    "$alone" "$work/texts" 2 | number cpu_seconds >>"$work/two.seconds"
    whole >>"$work/whole.seconds"
  done
  changed=$(number changed <"$work/one") peer_changed=$(number changed <"$work/peer")
  for kind in one two whole peer; do median <"$work/$kind.seconds" >"$work/$kind.median"; done
  row one 'substitution, 1 thread' "$1" "$count" "$changed"
  row two 'substitution, 2 threads' "$1" "$count" "$changed"
  row whole 'arf augment, whole' "$1" "$rows" "$changed"
  row peer nlpaug "$1" "$count" "$peer_changed"
}

# row KIND NAME TEXTS COUNT CHANGED: texts of all per second of a core, and the ratio to nlpaug.
row() {
  awk -v k="$2" -v n="$3" -v c="$4" -v all="$count" -v q="$5" -v s="$(cat "$work/$1.median")" \
    -v p="$(cat "$work/peer.median")" 'BEGIN {
      printf "%-12s %-24s %6d %9.1f%% %12.0f %8.1f\n", n, k, c, 100 * q / all, c / s,
        (c / s) / (all / p) }'
}
printf '%-12s %-24s %6s %10s %12s %8s\n' texts what count changed 'texts/s core' ratio
measure GoEmotions goemotions/original/dev.tsv.gz 1000000
measure Alpaca alpaca/alpaca_data_en.json.gz 2000
