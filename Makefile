# The same commands that .ci/run runs. The tools are pinned in tools/go.mod.
export CGO_ENABLED = 0

LINT   = go tool -modfile=tools/go.mod golangci-lint
GOLDEN = $(shell grep -rl --include='*_test.go' '"update"' internal cmd | xargs -n1 dirname | sort -u | sed 's|^|./|')
SEEDS ?= 200

.PHONY: all build fmt lint test golden dst

all: build lint test

build: ## the binary, ./berth
	go build -o berth ./cmd/berth

fmt: ## gofumpt, and imports in three groups
	$(LINT) fmt

lint:
	$(LINT) run

test:
	go test ./...

golden: ## rewrite golden files; read the diff before you commit it
	go test $(GOLDEN) -update

dst: ## more simulated histories than go test runs: make dst SEEDS=5000
	go test ./internal/dst -count=1 -timeout=60m -seeds=$(SEEDS)
