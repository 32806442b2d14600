#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# format.sh [--check]: gives every C file its form, or says which files lack it.
set -eu

cd "$(dirname "$0")/.."
if [ "${1:-}" = --check ]; then
    set -- --dry-run -Werror
else
    set -- -i
fi
git ls-files -z -co --exclude-standard -- '*.c' '*.h' | xargs -0 -r clang-format "$@"
