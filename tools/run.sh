#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# run.sh: serves the demo from ./data, which it fills when it is empty. `make run` calls it.
set -eu

cd "$(dirname "$0")/.."
CAREOPS_DATA=${CAREOPS_DATA:-data}
export CAREOPS_DATA

mkdir -p "$CAREOPS_DATA"
# `demo` says how to sign in; it leaves a database that has businesses alone.
build/careops demo
exec build/careops serve
