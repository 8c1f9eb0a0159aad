#!/bin/bash
# exit_code.sh EXPECTED COMMAND...: passes where the command ends in time with that exit code.
expected=$1
shift
timeout 60 "$@"
code=$?
if [ "$code" != "$expected" ]; then
  echo "exit code $code, expected $expected: $*" >&2
  exit 1
fi
