#!/bin/bash
# Fuzzes what reads other people's files, each target for SECONDS (default 3600), one after the
# other; a finding ends its target. Builds with clang into build-fuzz; the inputs found stay in
# build-fuzz/corpus/TARGET for the next run, findings in build-fuzz/findings/TARGET.
#
#   tests/fuzz/run.sh [SECONDS] [TARGET...]     targets: tokenizer safetensors config adapter chat
#                       corpus_index shard checkpoint scorer_checkpoint journal importers options
#   build-fuzz/tests/fuzz/fuzz_TARGET FILE      runs one input again (FUZZ_SAY=1: why it is refused)
#
# Exits with 1 where there was a finding.
set -u
source "$(dirname "${BASH_SOURCE[0]}")/../../launch/setup.sh"
here=$arf_source/tests/fuzz build=$arf_source/build-fuzz

seconds=3600
if [[ ${1:-} =~ ^[0-9]+$ ]]; then seconds=$1; shift; fi
all=(tokenizer safetensors config adapter chat corpus_index shard checkpoint scorer_checkpoint journal
  importers options)
targets=("$@")
[ $# -gt 0 ] || targets=("${all[@]}")
for target in "${targets[@]}"; do
  [ -f "$here/${target}_fuzz.cpp" ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
done

need_packages clang libclang-rt-dev llvm
set_up cpu
build_arf fuzz "${targets[@]/#/fuzz_}" fuzz_seeds

# Targets write each input as files: in memory, and gone at the end.
TMPDIR=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)/arf-fuzz.XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 130' INT TERM

# make_corpus TARGET: what it begins with, beside what earlier runs found.
make_corpus() {
  local file
  cp "$here/seeds/$1"/* "$build/corpus/$1/"
  [ "$1" != config ] || for file in "$arf_source"/configs/models/*/config.json; do
    cp "$file" "$build/corpus/config/$(basename "$(dirname "$file")")"
  done
  [ "$1" != chat ] || for file in "$arf_source"/../shared/data/tokenizers/*/tokenizer_config.json; do
    [ ! -e "$file" ] || { printf 'c\n%%%%%%%%\n'; cat "$file"; printf '\n%%%%%%%%\n\n%%%%%%%%\n\n%%%%%%%%\nHello'; } \
      >"$build/corpus/chat/$(basename "$(dirname "$file")")"
  done
}

# figure NAME LOG: a number of libFuzzer's final statistics.
figure() { sed -n "s/^stat::$1: *//p" "$2" | tail -n 1; }

for target in "${all[@]}"; do mkdir -p "$build"/{corpus,findings}/"$target"; done
"$build/tests/fuzz/fuzz_seeds" "$arf_source" "$build/corpus" || exit 1
found=0
table=$(printf '%-17s %8s %12s %8s %9s %7s %9s %8s' target seconds executions per_s coverage corpus findings peak_MB)
for target in "${targets[@]}"; do
  make_corpus "$target"
  log=$build/$target.log
  # No input of 16 KB needs these seconds and megabytes (fuzz.cpp bounds memory by the input).
  ASAN_OPTIONS=allocator_may_return_null=0:detect_stack_use_after_return=0 \
    "$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=16384 -timeout=10 \
    -rss_limit_mb=2048 -malloc_limit_mb=256 -dict="$here/dictionaries/$target.dict" \
    -artifact_prefix="$build/findings/$target/" -print_final_stats=1 -use_value_profile=1 \
    "$build/corpus/$target" >"$log" 2>&1
  code=$?
  findings=0
  if [ $code -ne 0 ]; then
    findings=1 found=1
    grep -aE '^finding:|ERROR: |Test unit written' "$log" >&2
  fi
  coverage=$(grep -aoE ' cov: [0-9]+' "$log" | tail -n 1)
  table+=$(printf '\n%-17s %8s %12s %8s %9s %7s %9s %8s' "$target" \
    "$(sed -n 's/^Done .* in \([0-9]*\) second.*/\1/p' "$log")" \
    "$(figure number_of_executed_units "$log")" "$(figure average_exec_per_sec "$log")" \
    "${coverage# cov: }" "$(find "$build/corpus/$target" -type f | wc -l)" "$findings" \
    "$(figure peak_rss_mb "$log")")
  echo "fuzz: $target is done; its log is $log" >&2
done
echo "$table"
exit $found
