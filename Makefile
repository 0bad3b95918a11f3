# The same commands that .ci/run runs. The tools are pinned in tools/go.mod.
export CGO_ENABLED = 0

LINT   = go tool -modfile=tools/go.mod golangci-lint
GOLDEN = $(shell grep -rl --include='*_test.go' '"update"' internal cmd | xargs -n1 dirname | sort -u | sed 's|^|./|')
SEEDS ?= 200

OUT ?= berth

.PHONY: all build release fmt lint test race golden dst rolls conformance

all: build lint test

build: ## the binary, ./berth
	go build -o berth ./cmd/berth

# What a release gives up for its size: inlining (an apply with --sim takes 0.12 s of CPU instead of 0.08), HTTP/2 (AWS's APIs
# speak HTTP/1.1), symbols. Another set of flags compiles the SDK once more: one to two minutes.
release: ## the binary as small as Go makes it
	go build -trimpath -tags nethttpomithttp2 -gcflags=all=-l -ldflags="-s -w -funcalign=16" -o $(OUT) ./cmd/berth

fmt: ## gofumpt, and imports in three groups
	$(LINT) fmt

lint:
	$(LINT) run

test:
	go test ./...

# The race detector needs a C compiler, and is another set of flags: the SDK is compiled once more.
race: ## the simulator's server and its wire under the race detector
	CGO_ENABLED=1 go test -race ./internal/sim ./internal/sim/wire ./internal/sim/world

golden: ## rewrite golden files; read the diff before you commit it
	go test $(GOLDEN) -update

dst: ## every case and more simulated histories, where go test runs a sample: make dst SEEDS=5000
	go test ./internal/dst -count=1 -timeout=4h -full -seeds=$(SEEDS)
	go test ./internal/sim -run TestSafetyTheSameSeed -count=1 -timeout=60m -seeds=$(SEEDS)

rolls: ## 1,000 rolls of random worlds with the whole program over the wire, and 10,000 with snapshots straight from the world
	go test ./internal/dst -run 'TestTheWholeProgramRollsRandomWorlds' -count=1 -timeout=30m -seeds=1000
	go test ./internal/dst -run 'TestWhatTheProgramSees' -count=1 -timeout=30m -seeds=200
	go test ./internal/dst -run 'TestRollsOfRandomWorlds' -count=1 -timeout=60m -seeds=10000

conformance: ## every walk of the AWS command line, not only the few that go test runs
	go test ./internal/dst -run TestTheAWSCommandLineIsAtHome -count=1 -full
