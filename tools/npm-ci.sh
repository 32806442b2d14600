#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# npm-ci.sh FOLDER: installs what FOLDER/package-lock.json pins, unless that very lock file is
# installed already. No package's own script runs. Safe to call twice at once.
set -eu

folder=$1
cd "$folder"

exec 9<package-lock.json
flock 9

wanted=$(sha256sum <package-lock.json)
if [ "$(cat node_modules/.careops-installed 2>/dev/null || true)" = "$wanted" ]; then
    exit 0
fi

echo "npm ci in $folder"

if ! output=$(npm ci --ignore-scripts --no-audit --no-fund 2>&1); then
    printf '%s\n' "$output" >&2
    exit 1
fi
printf '%s\n' "$wanted" >node_modules/.careops-installed
