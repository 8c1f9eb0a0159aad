#!/bin/bash
# Builds the whole `cuda` preset in build-cuda, and tries the program and the tests of comm there.
# For a machine with the CUDA 13 toolkit, with or without a GPU. Not part of tests/run.sh, whose
# build compiles the CUDA variants alone where the toolkit is.
set -u
source "$(dirname "${BASH_SOURCE[0]}")/../launch/setup.sh"
set_up cuda
build_arf cuda
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
built=$arf_source/build-cuda
"$built/arf" --version || exit 1
"$built/arf" --version | grep -q '^NCCL [0-9]' || { echo "cuda_build.sh: the program does not name its NCCL" >&2; exit 1; }
"$built/arf" doctor || exit 1
exec ctest --test-dir "$built" -R '^(comm|programs)/' --output-on-failure --no-tests=error "$@"
