#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# run.sh [part ...]: every test on the program in build/ (see tests/lib/run.mjs for the parts).
# `make test` installs and builds what is needed first.
set -eu

cd "$(dirname "$0")/.."
PATH="$PWD/build/tools/node/bin:$PATH"
export PATH
exec node tests/lib/run.mjs "$@"
