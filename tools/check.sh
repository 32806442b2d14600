#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# check.sh: what `make check` adds to `make test`: format, lint, analyzers, and the unit tests under
# the sanitizers. Goes on after a failure, and ends with the count of the steps.
set -eu

cd "$(dirname "$0")/.."
jobs=$(nproc)
passed=0
failed=0

# step TITLE COMMAND...: runs a command quietly and shows what it said when it fails.
step() {
    title=$1
    shift
    started=$(date +%s)
    if "$@" >build/check.log 2>&1; then
        passed=$((passed + 1))
        verdict=ok
    else
        failed=$((failed + 1))
        verdict=FAILED
        cat build/check.log
    fi
    echo "$verdict: $title ($(($(date +%s) - started)) s)"
}

sources() {
    git ls-files -z -co --exclude-standard -- 'src/*.c'
}

tidy() {
    sources | xargs -0 -r -n 1 -P "$jobs" clang-tidy --quiet -p build \
        --extra-arg=-ftrivial-auto-var-init=uninitialized
}

# Suppressed: what the C library makes safe (readdir on a stream of one's own, NULL as a sentinel),
# and cppcheck's own trouble with compound literals.
cppcheck_all() {
    sources | xargs -0 -r cppcheck --quiet --std=c11 --enable=warning,portability,performance \
        --inline-suppr --suppress=missingIncludeSystem --suppress=unusedStructMember \
        --suppress=varFuncNullUB --suppress=readdirCalled --suppress=internalAstError \
        --error-exitcode=1 -j "$jobs" -I src --library=posix -D_GNU_SOURCE
}

# The compiler's own path analysis, file by file: too slow and too wordy for every build.
analyzer() {
    flags=$(pkg-config --cflags libuv jansson libsodium libutf8proc libcurl libpq pangocairo)
    # shellcheck disable=SC2086 # the flags are meant to be split
    sources | xargs -0 -r -n 1 -P "$jobs" gcc -std=gnu17 -D_GNU_SOURCE -O1 -fanalyzer -Werror \
        -Wno-analyzer-too-complex -Wno-analyzer-use-of-uninitialized-value -I src -isystem \
        third_party/sqlite/node_modules/better-sqlite3/deps/sqlite3 $flags \
        '-DCAREOPS_VERSION="check"' -include src/base/banned.h -c -o /dev/null
}

# sanitized KIND: the unit tests in a build folder of their own.
sanitized() {
    folder=build/check-$1
    # Joined, because a function that is a condition does not end at its first failure.
    { [ -f "$folder/build.ninja" ] || meson setup "$folder" -Dsanitize="$1"; } &&
        ninja -C "$folder" &&
        meson test -C "$folder" --no-rebuild --print-errorlogs
}

step 'the C code has its form' tools/format.sh --check
step 'the house rules hold' node tools/lint.mjs
step 'clang-tidy finds nothing' tidy
step 'cppcheck finds nothing' cppcheck_all
step 'gcc -fanalyzer finds nothing' analyzer
step 'the unit tests pass under ASan and UBSan' sanitized address
step 'the unit tests pass under TSan' sanitized thread
for pages in public office; do
    if [ -f "web/$pages/package.json" ]; then
        step "the pages of web/$pages lint" npm --prefix "web/$pages" run --silent lint
    fi
done
if command -v systemd-analyze >/dev/null; then
    step 'the service is locked down' systemd-analyze security --offline=true --threshold=15 \
        packaging/careops.service
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
