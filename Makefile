# SPDX-License-Identifier: AGPL-3.0-or-later
# The short way in. `make run` serves a demo, `make test` proves the program; CONTRIBUTING.md says
# the rest. Everything lands in build/ and data/.

export PATH := $(CURDIR)/build/tools/node/bin:$(PATH)

pages = $(shell find $(1) \( -name node_modules -o -name dist \) -prune -o -type f -print \
	2>/dev/null)

.PHONY: all run build test check format types soak bench bugs matrix clean setup

all: build

run: build
	@tools/run.sh

setup:
	@tools/setup.sh build

build: setup build/web.stamp build/office.stamp build/build.ninja
	@ninja -C build $(NINJAFLAGS)

build/build.ninja: | setup
	@meson setup build

# What both builds of the pages read.
WEB_SHARED := web/api.d.ts web/event_reader.ts

# The pages are built once for all build folders; meson embeds what lies in dist.
build/web.stamp: $(call pages,web/public) $(WEB_SHARED) | setup
	@mkdir -p build
	@tools/build-web.sh web/public
	@touch $@

build/office.stamp: $(call pages,web/office) $(WEB_SHARED) | setup
	@mkdir -p build
	@tools/build-web.sh web/office
	@touch $@

test:
	@tools/setup.sh test
	@$(MAKE) --no-print-directory build
	@tests/run.sh

check:
	@tools/setup.sh check
	@$(MAKE) --no-print-directory build
	@tools/check.sh

format:
	@tools/format.sh

# After a change of the API: the pages are checked against these.
types: build
	@tools/npm-ci.sh tests/openapi
	@node tests/openapi/types.mjs

soak:
	@SOAK=1 $(MAKE) --no-print-directory test

bench:
	@tools/setup.sh test
	@$(MAKE) --no-print-directory build
	@ninja -C build tests/bench/db_bench tests/bench/bare_bench tests/bench/tenant_bench
	@node tests/bench/run.mjs

# Do the checkers bite? Defects that are put in on purpose, and who finds each (src/base/seeded.h).
bugs:
	@tools/setup.sh test
	@$(MAKE) --no-print-directory build
	@node tests/bugs/run.mjs $(BUGS)

# Every screen of the office in every state, light and dark, narrow and wide: pictures in build/matrix.
matrix:
	@tools/setup.sh test
	@$(MAKE) --no-print-directory build
	@tools/npm-ci.sh tests/browser
	@node tests/browser/matrix.mjs $(SCREENS)

clean:
	rm -rf build $(WEB)/dist
