# `make check` is what CI runs; every other target is a part of it or a longer look.

GO       ?= go
GOFMT     = $$($(GO) env GOROOT)/bin/gofmt
GOLANGCI ?= $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 30s
ROUNDS   ?= 10000
IMAGES   ?= 200000

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c

.DEFAULT_GOAL := help
.PHONY: help check build vet fmt fmt-check tidy-check test race lint fuzz bench torture mutants

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

# Cheap things first; in this order also under `make -j`, since two of them would fight for the same cores.
check: ## all that a change must pass
	@for step in build vet fmt-check tidy-check lint race; do \
		echo "== $$step"; $(MAKE) --no-print-directory $$step || exit 1; done

build: ## compile everything
	$(GO) build ./...

vet: ## go vet
	$(GO) vet ./...

fmt: ## format every Go file in place
	$(GOFMT) -s -w .

fmt-check: ## refuse files that gofmt -s would change
	@bad=$$($(GOFMT) -s -l .); \
	if [ -n "$$bad" ]; then printf 'not formatted (make fmt):\n%s\n' "$$bad"; exit 1; fi

tidy-check: ## refuse a go.mod or go.sum that go mod tidy would change
	$(GO) mod tidy -diff

test: ## the tests
	$(GO) test -timeout 20m ./...

race: ## the tests under the race detector
	CGO_ENABLED=1 $(GO) test -race -timeout 20m ./...

# The linter is built once and then comes from the build cache. It is kept out of go.mod: its needs are not ours.
lint: ## golangci-lint, with the import table
	$(GOLANGCI) config verify
	$(GOLANGCI) run ./...

fuzz: ## every fuzz target, FUZZTIME (30s) each, one by one
	@for pkg in $$($(GO) list ./...); do \
		targets=$$($(GO) test -list '^Fuzz' "$$pkg") || exit 1; \
		for target in $$(grep '^Fuzz' <<<"$$targets" || true); do \
			echo "== $$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$pkg" || exit 1; \
		done; \
	done

bench: ## every benchmark
	$(GO) test -run '^$$' -bench . -benchmem ./...

# Each line that it prints names a seed; one of them is run again with -kill.seed=SEED -kill.rounds=100.
torture: ## kill the program ROUNDS (10000) times, and break the disk in every way, IMAGES (200000) crashes among them
	cd cmd/readyroom && $(GO) test -count=1 -timeout 0 -run '^TestKill' -torture -kill.rounds=$(ROUNDS)
	cd storage/bolt && $(GO) test -count=1 -timeout 0 -v -faults.all -images=$(IMAGES) -flips=20000

mutants: ## break the program in every listed way, and see that a test notices
	cd cmd/readyroom && $(GO) test -count=1 -timeout 0 -v -run '^TestMutants$$' -mutants
