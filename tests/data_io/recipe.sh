#!/bin/bash
# `arf import` by a recipe, end to end on small files that this script writes: what is made, that its
# config.ini makes it again, what is refused and that nothing is left of it.
# usage: recipe.sh [path of arf]
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
arf=$(realpath "${1:-$here/../../build/arf}") || exit 1
source "$here/../commands.sh"
cd "$work" || exit 1

mkdir -p data/talk data/emotions
for i in $(seq 200); do echo "$((i % 2 * 4)),1,d,q,someone,\"@someone tweet $i http://a.b/$i &amp; &#9786;\""; done \
  >data/tweets.csv
{ echo '0,1,d,q,u,@someone'; echo '0,1,d,q,u,TWEET 7 http://x.y'; } >>data/tweets.csv
gzip -k data/tweets.csv
printf 'anger\njoy\nneutral\n' >data/emotions/labels.txt
for i in $(seq 60); do printf 'a comment, number %d\t%d\tid\n' "$i" $((i % 3)); done >data/emotions/train.tsv
printf 'A  comment, number 5\t2\tid\na comment, number 4\t0\tid\nheld out\t1\tid\nof two\t0,1\tid\n' >data/emotions/dev.tsv
for i in $(seq 20); do echo "Hello $i . __eou__ Fine , $i ! __eou__"; echo "0 4" >&3; done \
  >data/talk/dialogues.txt 3>data/talk/dialogues_emotion.txt
echo 'one __eou__ two __eou__' >>data/talk/dialogues.txt
echo '0 4 4' >>data/talk/dialogues_emotion.txt
cat >recipe.ini <<'END'
[import]
task = moods
validation_share = 0.1
test_share = 0.2
source = comments goemotions emotions/dev.tsv labels=single part=test
source = comments goemotions emotions/train.tsv labels=single
source = talk dailydialog talk/dialogues.txt utterances=true on_error=skip
source = tweets sentiment140 tweets.csv.gz limit=100
END

expect 0 "" "$arf" import --config recipe.ini --import.root data --output made --json
cp out first.json
[ "$(ls made | tr '\n' ' ')" = "config.ini recipe.json report.html test train validation " ] ||
  fail "made holds $(ls made | tr '\n' ' ')"
for part in train validation test; do expect 0 "" "$arf" inspect "made/$part" --json; done
# has WORDS...: each in recipe.json without its blanks and line breaks.
has() {
  local words
  for words in "$@"; do tr -d ' \n' <made/recipe.json | grep -qF -- "$words" || fail "recipe.json lacks $words"; done
}
# Of 60 and 3 comments, one is in both files and stays where it is tested, another has two classes.
has '"name":"comments","read":63,"kept":60' '"test":{"rows":2,"bad":0,"neutral":1,"good":1' '"not_read":{"severallabels":1}' \
  '"thesametextandclassagain":1' '"thesametext,asoftenofanotherclass":2'
has '"name":"talk","read":40,"kept":40,"skipped":1'
has '"name":"tweets","read":202,"kept":100' '"nothingbutlinksandusernames":1' \
  '"overthelimitofthesource":' '"links":201,"usernames":201'
expect 0 "" "$arf" inspect made/train --json --inspect.rows 200
grep -q '"text":"@user tweet [0-9]* http & ☺"' out || fail "a tweet is not as cleaning leaves it"
grep -q 'someone' out && fail "a user's name is left"
expect 0 "" "$arf" inspect made --json
grep -q '"kind": "recipe"' out || fail "made is no recipe"
for words in comments tweets 'over the limit of the source' 'config.ini'; do
  grep -qF "$words" made/report.html || fail "report.html lacks $words"
done
grep -q 'http' made/report.html && grep -qE '(src|href)=' made/report.html && fail "report.html needs a network"

# The same again, from its config.ini, whatever the order of the lines of a file.
expect 0 "" "$arf" import --config made/config.ini --output again
diff -r made again >"$work/diff" || fail "config.ini makes another folder: $(head -3 "$work/diff")"
sort -r data/tweets.csv | gzip >data/sorted.csv.gz
sed 's/tweets.csv.gz/sorted.csv.gz/' recipe.ini >sorted.ini
expect 0 "" "$arf" import --config sorted.ini --import.root data --output sorted
texts() { "$arf" inspect "$1" --inspect.rows 1000 --json | grep -o '"text":"[^"]*tweet[^"]*"' | sort; }
for part in train validation test; do
  [ -n "$(texts made/$part)" ] || fail "no tweets in $part"
  [ "$(texts made/$part)" = "$(texts sorted/$part)" ] || fail "$part depends on the order of a file"
done

# refused CODE WORDS LINE [KEYS...]: a recipe whose third line is LINE.
refused() {
  printf '[import]\n# a comment\nsource = %s\n' "$3" >bad.ini
  expect "$1" "$2" "$arf" import --config bad.ini --import.root data --output bad "${@:4}"
  [ "$(wc -l <"$work/err")" = 1 ] || fail "more than a sentence for $3: $(cat "$work/err")"
  compgen -G 'bad*' | grep -qvx bad.ini && { fail "left behind: $(echo bad*)"; rm -rf bad bad.partial*; }
}
refused 2 'bad.ini:3: `tweet` is no format; a source'"'"'s second word is one of messages' 'a tweet tweets.csv'
refused 3 'bad.ini:3: data/none.csv: there is no such file; --import.root' 'a sentiment140 none.csv'
refused 2 'bad.ini:3: part is given twice for `a`; keep one' 'a sentiment140 tweets.csv part=test part=train'
refused 2 'bad.ini:3: limit is `0`; it takes a number of rows from 1' 'a sentiment140 tweets.csv limit=0'
refused 2 'bad.ini:3: `size` is no key of a source; it takes part' 'a sentiment140 tweets.csv size=3'
refused 2 'bad.ini:3: source `a` names no file' 'a sentiment140'
refused 3 'emotions/labels.txt:1: has 1 fields where 6 are needed' 'a sentiment140 emotions/labels.txt'
refused 2 '--import.limit is not for a recipe' 'a sentiment140 tweets.csv' --import.limit 3
refused 2 'whose sum is below 1' 'a sentiment140 tweets.csv' --import.test_share 0.97
refused 2 'is not a key of `arf import`; the nearest is --import.source' 'a sentiment140 tweets.csv' --import.sourc x
expect 2 "import.root is for a recipe" "$arf" import --import.format isear --import.input x --import.root data --output bad
expect 2 "arf import needs --import.format" "$arf" import --output bad
expect 2 "made: holds something already" "$arf" import --config recipe.ini --import.root data --output made

# What a killed one leaves is removed by the next; what is somebody else's is not.
mkdir -p "new.partial-$(hostname)-1/train" "new.partial-$(hostname)-2/train"
touch "new.partial-$(hostname)-1/"{recipe.json,report.html,train/shard-00000.h5} "new.partial-$(hostname)-2/train/mine"
expect 0 "" "$arf" import --config recipe.ini --import.root data --output new
[ ! -e "new.partial-$(hostname)-1" ] || fail "what a killed import left is still there"
[ -e "new.partial-$(hostname)-2/train/mine" ] || fail "somebody else's file was removed"
finish
