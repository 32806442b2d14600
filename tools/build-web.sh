#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# build-web.sh FOLDER: builds the web pages of FOLDER into FOLDER/dist. Prints only on failure.
set -eu

folder=$1
if [ ! -f "$folder/package.json" ]; then
    echo "No pages in $folder: the program is built without them."
    exit 0
fi

tools/npm-ci.sh "$folder"
echo "Building the pages of $folder"
if ! output=$(cd "$folder" && npm run --silent build 2>&1); then
    printf '%s\n' "$output" >&2
    exit 1
fi
