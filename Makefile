# The one place that knows how Kassa is built, run and tested. "make" alone lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The window's OpenGL bindings take gcc five minutes and clang one. Changing the compiler builds them anew.
ifeq ($(origin CC),default)
CC := clang
endif

# A machine without a home folder keeps Go's caches here.
ifeq ($(HOME),)
export HOME := $(CURDIR)/.cache/home
endif

VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X main.version=$(VERSION)

# x11: XWayland serves Wayland desktops. no_animations: a blinking caret costs a sixth of a core without a GPU.
TILL_TAGS := x11,migrated_fynedo,no_animations
# ci: Fyne's software driver, so that tests need neither a display nor OpenGL's headers.
TEST_TAGS := ci
TEST_TIMEOUT := 40m

GOODS ?=

say = @printf '\n== %s\n' "$(1)"
GOFILES = find . -name '*.go' -not -path './.cache/*' -not -path './bin/*'
# Packages whose tests want a PostgreSQL say so by what they import.
UNIT = go list -tags $(TEST_TAGS) -f '{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}' ./... | \
	grep -vE 'kassa/server/(pgcluster|servertest)' | cut -d' ' -f1

.PHONY: help
help: ## list the targets
	@echo "Kassa, an offline-first cash register. Targets:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

.PHONY: run
run: setup-run build ## build all and open the till in a practice world; with no display, play a sale and take pictures
	@if [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then exec scripts/demo; fi; \
	data=$$(mktemp -d "$${TMPDIR:-/tmp}/kassa-practice-XXXXXX"); \
	echo "the till opens in practice mode, its data is in $$data"; \
	exec bin/kassa --practice --data "$$data"

.PHONY: demo
demo: export DISPLAY =
demo: export WAYLAND_DISPLAY =
demo: setup-run build ## play one sale on a virtual display, pictures in demo/
	@scripts/demo

.PHONY: test
test: setup-test generate check ## every test with the race detector, after vet, gofmt and staticcheck
	$(call say,tests with the race detector (the first build takes several minutes))
	go run ./scripts/withpg go test -race -vet=off -tags $(TEST_TAGS) -timeout $(TEST_TIMEOUT) ./...
	$(call say,every screen, without the detector)
	CGO_ENABLED=0 go test -vet=off -tags $(TEST_TAGS) -timeout $(TEST_TIMEOUT) -run 'TestNothingIsCut|TestTheBuyerSees' ./app
	$(call say,two hundred shops under a virtual clock, without the detector)
	$(call simulate,200,1,.)
	$(call say,two thousand fiscal documents under a virtual clock, without the detector)
	$(IN_MEMORY) go test -vet=off -count=1 -timeout $(TEST_TIMEOUT) ./e2e/fiscal

.PHONY: test-unit
test-unit: generate ## the tests that need no PostgreSQL and no C compiler
	$(call say,tests that need neither PostgreSQL nor a C compiler)
	CGO_ENABLED=0 go test -tags $(TEST_TAGS) -timeout $(TEST_TIMEOUT) $$($(UNIT))

.PHONY: test-browser
test-browser: setup-test ## the owner's pages in a real browser: needs Chromium
	$(call say,the pages in a browser)
	go run ./scripts/withpg go test -tags $(TEST_TAGS),browser -timeout $(TEST_TIMEOUT) -run Browser -count 1 ./server/web

.PHONY: generate
generate: ## the lists of the banks that there are, anew: a new bank is in them by being there
	@GOOS= GOARCH= go generate ./banks/every

.PHONY: check
check:
	$(call say,gofmt)
	@unformatted=$$($(GOFILES) -print0 | xargs -0 gofmt -l); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	$(call say,go vet (the first time it compiles everything: minutes))
	go vet -tags $(TEST_TAGS) ./...
	go vet -tags $(TEST_TAGS),browser ./server/web
	go vet -tags $(TEST_TAGS),window ./e2e
	$(call say,staticcheck)
	go tool staticcheck -tags $(TEST_TAGS) ./...

.PHONY: lint
lint: check ## gofmt, vet, staticcheck, and known vulnerabilities where their list can be had
	$(call say,govulncheck)
	@scripts/vulncheck $(TEST_TAGS)

SCREENS ?= screens

.PHONY: screens
screens: setup-test ## a picture of every screen, light and dark, in both languages and sizes, in SCREENS (./screens)
	@mkdir -p '$(SCREENS)'
	KASSA_STORYBOOK='$(abspath $(SCREENS))' CGO_ENABLED=0 go test -count=1 -tags $(TEST_TAGS) ./app -run "TestNothingIsCut|TestTheBuyerSees"
	@echo "The pictures are in $(SCREENS)/"

SEEDS ?= 1000
FROM ?= 1

# The files of played shops are in memory where there is such a place.
IN_MEMORY = TMPDIR='$(firstword $(wildcard /dev/shm) $(or $(TMPDIR),/tmp))' CGO_ENABLED=0

# simulate plays shops: how many, from which number, which tests.
simulate = $(IN_MEMORY) go run ./scripts/withpg \
	go test -vet=off -count=1 -timeout 0 -run '$(3)' ./e2e/simulation -args -shops $(1) -from $(2)

.PHONY: simulate
simulate: setup-test generate ## shops that take QR payments while everything fails, against their banks; SEEDS=10000 shops from number FROM=1
	$(call say,$(SEEDS) shops from number $(FROM))
	$(call simulate,$(SEEDS),$(FROM),TestTheBooksAgree)

.PHONY: bench
bench: setup-bench ## our figures beside the raw limits underneath; GOODS=FILE names a price list (.csv or .csv.gz)
	$(call say,bench)
	CC=$(CC) go build -tags $(TILL_TAGS) -ldflags '$(LDFLAGS)' -o bin/kassa ./cmd/kassa
	CC=$(CC) go build -tags $(TILL_TAGS) -o bin/empty ./bench/empty
	CGO_ENABLED=0 go build -o bin/bench ./bench
	bin/bench -till bin/kassa -empty bin/empty -goods '$(GOODS)'

.PHONY: day
day: setup-bench bin/kassa ## a scripted working day on the real program under a virtual display, with power cuts; PICTURES=DIR keeps pictures
	$(call say,a working day)
	KASSA_TILL='$(abspath bin/kassa)' KASSA_PICTURES='$(PICTURES)' CGO_ENABLED=0 go test -count=1 -v -timeout 60m -tags $(TEST_TAGS),window ./e2e -run TestAWorkingDayInTheWindow

.PHONY: build
build: bin/kassa bin/kassa-server bin/kassa-sim ## bin/kassa, bin/kassa-server and bin/kassa-sim

.PHONY: bin/kassa
bin/kassa: generate
	$(call say,building the till (the first time takes minutes))
	CC=$(CC) CGO_ENABLED=1 go build -tags $(TILL_TAGS) -ldflags '$(LDFLAGS)' -o $@ ./cmd/kassa

.PHONY: bin/kassa-server bin/kassa-sim
bin/kassa-server bin/kassa-sim: generate
	$(call say,building $(@F))
	CGO_ENABLED=0 go build -ldflags '$(LDFLAGS)' -o $@ ./cmd/$(@F)

.PHONY: setup-run setup-test setup-bench
setup-run setup-test:
	@scripts/setup $(subst setup-,,$@)
setup-bench: export DISPLAY =
setup-bench: export WAYLAND_DISPLAY =
setup-bench:
	@scripts/setup run

.PHONY: clean
clean: ## remove what was built and the pictures of the demo
	rm -rf bin demo
