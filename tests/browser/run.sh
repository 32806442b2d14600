#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# run.sh [NAME ...]: the tests of the pages in Chromium, against build/careops; a NAME picks the
# files that begin with it. Needs Chromium (CHROMIUM names another than the system's). The last line
# is `N passed, N failed`. SOAK=1 measures longer.
set -eu

cd "$(dirname "$0")"
../../tools/npm-ci.sh .
../../tools/npm-ci.sh ../../web/public
../../tools/npm-ci.sh ../../web/office
exec node run.mjs "$@"
