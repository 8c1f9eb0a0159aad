#!/bin/bash
# Every experiment from its INI file to its report, on small files of the public sets' forms; killed and
# gone on with; the digests of ranks. usage: commands.sh [path of arf]
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
arf=$(realpath "${1:-$here/build/arf}") || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
failed=0
fail() { failed=$((failed + 1)); echo "FAIL $*"; }
quietly() { "$@" >log.txt 2>&1 || { echo "FAILED: $*"; cat log.txt; exit 1; }; }

# numbered FORMAT COUNT: a line each, with its number in it.
numbered() { seq "$2" | while read -r i; do printf "${1//@/$i}\n"; done; }
mkdir -p data/{alpaca,gsm8k,strategyqa,topical_chat,sentiment140,user_satisfaction}
numbered '{"instruction": "name a thing of kind @", "input": "", "output": "the thing @ is good"}' 40 |
  gzip >data/alpaca/alpaca_data_en.json.gz
numbered '{"question": "how many are @ and @?", "answer": "they are two times @\\\\n#### @"}' 40 | gzip >data/gsm8k/train.jsonl.gz
(echo '['; numbered '{"qid": "@", "term": "t", "question": "is @ odd?", "answer": true, "facts": ["@ is a number"]},' 39
 echo '{"qid": "0", "term": "t", "question": "is zero odd?", "answer": false, "facts": ["zero is even"]}]') |
  gzip >data/strategyqa/train.json.gz
turn() { echo "{\"message\": \"$2\", \"agent\": \"agent_$1\", \"sentiment\": \"Happy\", \"knowledge_source\": [], \"turn_rating\": \"$3\"}"; }
(echo '{'; for i in $(seq 150); do
  rating=$([ $((i % 2)) = 0 ] && echo Good || echo Poor)
  echo "\"c$i\": {\"article_url\": \"\", \"config\": \"A\", \"content\": [$(turn 1 "have you seen film $i" ""),
    $(turn 2 "I have seen film $i" "$rating"), $(turn 1 "that was $rating of you, $i" ""), $(turn 2 "thanks $i" "$rating")],
    \"conversation_rating\": {}}$([ "$i" = 150 ] || echo ,)"
done; echo '}') | gzip >data/topical_chat/valid_freq.json.gz
solution() { echo "{\"is_correct\": $1, \"solution\": \"$2\"}"; }
for i in $(seq 40); do
  echo "{\"question\": \"what is $i and one?\", \"ground_truth\": \"x\", \"6b_finetuning\": $(solution true "it is $i and one"),
    \"6b_verification\": $(solution false "it is $i"), \"175b_finetuning\": $(solution true "one more than $i"),
    \"175b_verification\": $(solution false "none of $i")}" | tr -d '\n'
  echo
done | gzip >data/gsm8k/example_model_solutions.jsonl.gz
for set in MWOZ SGD CCPE; do
  for i in $(seq 60); do
    printf 'USER\thello %s %s\t\t3,3,3\nSYSTEM\tan answer %s\t\t\nUSER\tthat is %s %s %s\t\t%s\n\n' \
      $set "$i" "$i" "$([ $((i % 2)) = 0 ] && echo right || echo wrong)" $set "$i" "$([ $((i % 2)) = 0 ] && echo 4,5,4 || echo 1,2,1)"
  done | gzip >data/user_satisfaction/$set.txt.gz
done
(echo target,ids,date,flag,user,text; seq 240 | awk '{ print ($1 % 2 ? 0 : 4) "," $1 ",d,f,u,it is " ($1 % 2 ? "awful " : "lovely ") $1 }') |
  gzip >data/sentiment140/tweets.csv.gz
cat >recipe.ini <<'END'
[import]
task = emotion3
validation_share = 0.1
test_share = 0.2
source = goemotions sentiment140 sentiment140/tweets.csv.gz limit=60
source = isear sentiment140 sentiment140/tweets.csv.gz limit=50
source = dailydialog sentiment140 sentiment140/tweets.csv.gz limit=40
source = sentiment140 sentiment140 sentiment140/tweets.csv.gz limit=30
END
quietly "$arf" simulate --simulate.dialogues 60 --output corpus
quietly "$arf" fit-tokenizer --corpus.path corpus --tokenizer.vocabulary 400 --output tokenizer

# run NAME OUTPUT KEYS...: by its INI file, small.
run() {
  local name=$1 output=$2
  shift 2
  "$arf" experiment --config "$here/configs/experiments/$name.ini" --experiment.recipe recipe.ini \
    --experiment.data data --experiment.encoder roberta-mini --experiment.tokenizer tokenizer \
    --experiment.fit_iterations 3 --experiment.seeds 2 --experiment.messages_per_phase 12 \
    --experiment.steps 4 --run.threads 1 --output "$output" "$@" >out.txt 2>err.txt
}

for name in table1 satisfaction figure3 table3 table4 table6; do
  run $name $name || { tail -n 5 err.txt; fail "$name: exit $?"; continue; }
  [ -s $name/report.html ] && grep -q '<table' $name/report.html || fail "$name: no report with a table"
  [ $name = table4 ] || [ $name = table6 ] || grep -q '<svg' $name/report.html || fail "$name: no figure"
  [ -s $name/result.json ] && grep -q '"finished": true' $name/manifest.json || fail "$name: no result"
  grep -q "report  *$name/report.html" out.txt || { cat out.txt; fail "$name: no word of its report"; }
done
grep -q '0.5498.*0.3775.*0.6225' <(tr -d '\n' <table4/report.html) || fail "table4: not the paper's sigmoid"

# Gone on with: what is done is not done again; ranks change nothing.
rm -rf table6/report.html && sed -i 's/"finished": true/"finished": false/' table6/manifest.json
before=$(stat -c %Y table6/steps/track-tuned/scorer/model.safetensors)
run table6 table6 || { tail -n 3 err.txt; fail "is not gone on with"; }
[ "$before" = "$(stat -c %Y table6/steps/track-tuned/scorer/model.safetensors)" ] || fail "a step that was done is done again"
grep -q '<table' table6/report.html || fail "no report where it was gone on with"
run table6 ranks --experiment.ranks 3 || { tail -n 3 err.txt; fail "on 3 ranks: exit $?"; }
cmp table6/result.json ranks/result.json || fail "3 ranks give other numbers"

# What is wrong is said with its place.
run figure3 wrong --experiment.learning_rates fast
[ $? = 2 ] && grep -q 'learning_rates is `fast`; it takes NAME=RATE' err.txt && [ ! -e wrong ] || { cat err.txt; fail "a rate that is none"; }
run figure3 wrong --experiment.replay_ratios 1
[ $? = 2 ] && grep -q 'replay_ratios is `1`' err.txt && [ ! -e wrong ] || { cat err.txt; fail "a ratio of 1"; }
rm data/strategyqa/train.json.gz
run figure3 missing
[ $? = 3 ] && grep -q 'strategyqa/train.json.gz' err.txt || { cat err.txt; fail "a missing file"; }

echo "$failed failed"
[ "$failed" = 0 ]
