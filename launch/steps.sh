# Steps of an experiment, each a command of arf that leaves a folder NAME and what it printed in
# NAME.txt. To be sourced after setup.sh, before set_up: the script sets $arf, and $out, the folder
# that holds the steps' folders. What is complete is kept.

# Two ranks on one host, as root in a container, too.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# is_done DIR: whether it holds a complete corpus, tokenizer or run.
is_done() {
  [ -e "$1/index.json" ] || [ -e "$1/tokenizer.json" ] ||
    grep -q '"finished": true' "$1/manifest.json" 2>/dev/null
}

# step NAME SENTENCE COMMAND...: runs the command with --output, unless its output is complete; then
# what it printed is shown again.
step() {
  local name=$1 sentence=$2 begun=$SECONDS code
  shift 2
  if is_done "$out/$name"; then
    printf '\n== %s: done before\n' "$name" >&2
    cat "$out/$name.txt" 2>/dev/null || true
    return
  fi
  printf '\n== %s: %s\n' "$name" "$sentence" >&2
  mkdir -p "$(dirname "$out/$name")"
  "$@" --output "$out/$name" | tee "$out/$name.txt.partial"
  code=${PIPESTATUS[0]}
  [ "$code" = 0 ] || exit "$code"
  mv "$out/$name.txt.partial" "$out/$name.txt"
  printf '   %d s\n' $((SECONDS - begun)) >&2
}

# train_on_two_ranks KEYS...: each rank samples, scores and learns, unless the keys say otherwise.
train_on_two_ranks() {
  mpirun -np 2 --oversubscribe --bind-to none "$arf" train "$@"
}
