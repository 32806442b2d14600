#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# run.sh: serves the demo from ./data, which it fills when it is empty. `make run` calls it.
set -eu

cd "$(dirname "$0")/.."
CAREOPS_DATA=${CAREOPS_DATA:-data}
export CAREOPS_DATA

mkdir -p "$CAREOPS_DATA"
# `demo` says how to sign in, and leaves a database that has its businesses alone. It makes them by
# the API, whose thousand lines of log nobody wants to read first.
# Status 3 says that there are businesses already.
CAREOPS_LOG_LEVEL=warn build/careops demo || [ $? = 3 ]
exec build/careops serve
