# What the scripts share that run `arf` as a user does. Sourced; leaves the folder $work and the
# functions below.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Counted in a file: the right side of a pipe is a shell of its own.
fail() { echo "FAIL $*" | tee -a "$work/failures"; }
# The last line of a script: its exit code tells whether anything failed.
finish() { [ ! -s "$work/failures" ] || { echo "$(wc -l <"$work/failures") failed"; exit 1; }; }
# full COMMAND...: with a stdout that takes nothing, as a full disk's.
full() { "$@" >/dev/full; }
# expect CODE WORDS COMMAND...: stdin is passed on; the exit code and words of stderr are compared.
# stdout is left in $work/out, stderr in $work/err.
expect() {
  local code=$1 words=$2 found
  shift 2
  "$@" >"$work/out" 2>"$work/err"
  found=$?
  [ "$found" = "$code" ] || fail "exit $found instead of $code: $*: $(tail -n1 "$work/err")"
  [ -z "$words" ] || grep -qF -- "$words" "$work/err" || fail "no \`$words\` from: $*: $(tail -n1 "$work/err")"
}
