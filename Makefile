.DEFAULT_GOAL := help
SHELL := /bin/bash

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
REVIVE      := github.com/mgechev/revive@v1.12.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
EACH        := 60s# for each target of make fuzz
ROUNDS      := 5# of make bench-peers
ROUND       := 5s# for each server and call
HISTORIES   := 1000# of make long
BUDGET      := 120# seconds for the fuzzer of make judges
COUNT       := 6
BENCHTIME   := 200ms
MEASURE     := go test ./emulator/internal/store -run '^$$' -benchmem -timeout 2h
VERSION     := 0.1.0# of make dist
PLATFORMS   :=# of make dist, such as "linux/amd64 darwin/arm64"; default: all
DURATION    := 2m# of the load of make soak

# A target's line ends in "## what it does"; help prints them.
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## serve the demo scenario on 127.0.0.1:15060 (https 15061)
	bin/voxemu serve

build: ## build bin/voxemu
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/voxemu ./cmd/voxemu

test: ## run the Go tests; needs nothing but Go
	go test ./...

long: ## try more random histories of calls, HISTORIES of recordings, than make test does
	go test ./emulator -run 'SequenceOfCalls|History|ManyShortAdvances|AnExportGoesOn' -rapid.checks=200 -timeout 30m
	go test ./emulator/evidence -run 'RandomHistories|BehaviourIsFound|Interrupt' -rapid.checks=$(HISTORIES) -timeout 30m

kill: ## kill voxemu probe before and after each call of each experiment, and resume it; takes a quarter of an hour
	go test ./cmd/voxemu -run AProbeThatIsKilled -every-call -timeout 60m

# Left out are packages that start no goroutine and share nothing between some, tests
# of memory and cost, which the detector changes, and long tests of one client or one
# goroutine. make test runs all of them.
SEQUENTIAL  := clock|fault|journal|vox|internal/(accounts|applications|billing|jsontext|origin|reference|reply|sipreg)
RACELESS    := /scenarios(/document)?$$|/emulator/($(SEQUENTIAL))$$|/testkit/internal/(dist|docs|layers|published)$$
MEASURING   := Allocat|Memory|Cost|LargeRequests|NoGarbage
ONE_CLIENT  := IsFoundByItsExperiment|FindsAnotherAnswer|InterruptedRun|ComparesWithout|CompareWithout|ReportedAsOneDifference|NothingSecret|ByteIdentical|SameHistory|DanglingReference|ManyShortAdvances|LargeState|DamagedState|FuzzHostile|IsKilled|RecipesForCI|LikeTheReference|EqualsTheReferences|LikeSparseOnes|WhatMergingThem
race: ## run the Go tests of what runs at once with the race detector; needs a C compiler
	go test -race -timeout 30m -skip '$(MEASURING)|$(ONE_CLIENT)' $$(go list ./... | grep -vE '$(RACELESS)')

lint: ## gofmt, vet, staticcheck, doc comments, generated pages, go mod tidy
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go run $(REVIVE) -config .revive.toml -set_exit_status ./...
	go run ./testkit/internal/docs -check
	go mod tidy -diff
	for module in testkit/internal/soak testkit/internal/peers testkit/internal/console testkit/internal/conformance/mcp; do \
	  (cd $$module && go vet ./... && go run $(STATICCHECK) ./... && go run $(REVIVE) -config $(CURDIR)/.revive.toml -set_exit_status ./... && go mod tidy -diff) || exit 1; \
	done

check: lint test ## what must hold before every commit

golden: ## rewrite the golden conversations and the generated pages
	go test ./emulator/internal/contract -run Precompiled -update # the other tests read its output
	go test ./emulator/internal/contract ./emulator ./emulator/journal ./testkit ./testkit/internal/conformance/faults ./cmd/voxemu ./scenarios -update
	go run ./testkit/internal/docs

# The packages are built one by one first, so that the targets find them in the cache. Two
# targets run at a time for each processor, each with one worker. At the end of its time, Go's fuzzer at times
# calls the deadline a failure: there is no failing input then.
fuzz: ## run each fuzz target for EACH (default 60s); TARGETS, a pattern, selects some
	@set -eo pipefail; targets=$$(git grep -E '^func Fuzz($(TARGETS))' -- '*_test.go' | sed -E 's|(.*)/[^/]*:func (\w+).*|./\1 \2|'); \
	for package in $$(cut -d ' ' -f 1 <<< "$$targets" | uniq); do go test -c -fuzz . -o /dev/null $$package; done; \
	xargs -P $$((2 * $$(getconf _NPROCESSORS_ONLN))) -L 1 bash -c 'log=$$(go test -vet=off -run "^$$" -parallel 1 -fuzz "^$$1\$$" -fuzztime $(EACH) -fuzzminimizetime 10x $$0 2>&1) || failed=$$?; \
	  echo "== $$1"; tail -n 20 <<< "$$log"; \
	  if grep -q "^    context deadline exceeded" <<< "$$log" && ! grep -q "Failing input\|panic:" <<< "$$log"; then failed=0; fi; exit $$failed' <<< "$$targets"

bench: ## measure the store for benchstat and redraw docs/performance.md; takes some minutes
	set -o pipefail; { $(MEASURE) -bench . -skip Memory -benchtime $(BENCHTIME) -count $(COUNT) && $(MEASURE) -bench Memory; } | tee docs/performance.txt
	go run ./testkit/internal/docs

bench-all: ## run every Go benchmark once
	go test -run '^$$' -bench . -benchmem -timeout 2h ./...

bench-start: ## start to first answer and idle memory of the built binary
	go test -run "^$$" -bench "^BenchmarkStart$$" -benchtime 20x ./cmd/voxemu

bench-peers: build ## voxemu beside other mock servers; needs npm and java
	cd testkit/internal/peers && npm ci --silent --ignore-scripts && go build -o bin/ . github.com/stripe/stripe-mock && \
	  bin/peers -binary ../../../bin/voxemu -rounds $(ROUNDS) -time $(ROUND)

spec-lint: ## lint openapi.yaml with two independent tools; needs npm
	cd testkit/internal/conformance/lint && npm ci --silent && npx redocly lint --config ../../../../.redocly.yaml ../../../../openapi.yaml && npx spectral lint --fail-severity warn --ruleset .spectral.yaml ../../../../openapi.yaml

conformance: build ## SDKs and other clients against the built binary; needs node, python3, Java 17, maven, curl, jq
	go run ./testkit/internal/conformance -binary bin/voxemu clients
	cd testkit/internal/conformance/mcp && go test -count 1 .
	cd testkit/internal/conformance/node && npm ci --silent && node run.mjs ../../../../bin/voxemu

haproxy: build ## two emulators behind docs/haproxy.cfg; needs haproxy, curl, jq, node
	go run ./testkit/internal/conformance -binary bin/voxemu haproxy

editor: build ## what an editor flags and offers in scenario files; needs npm
	cd testkit/internal/conformance/editor && npm ci --silent --ignore-scripts && node run.mjs ../../../../bin/voxemu

reference: build ## the page of the API in a browser; needs npm and chromium
	cd testkit/internal/conformance/reference && npm ci --silent --ignore-scripts && node run.mjs ../../../../bin/voxemu

judges: build spec-lint editor reference ## fuzzer, validating proxy, generated clients, which know openapi.yaml only; needs node, python3, Java 17, maven, php with Guzzle
	go run ./testkit/internal/conformance -binary bin/voxemu -budget $(BUDGET) judges

console: build ## the console in a browser; needs npm and chromium; LOAD=60s
	cd testkit/internal/console && npm ci --silent --ignore-scripts && go test -count 1 -timeout 20m . $(if $(IMAGES),-images $(abspath $(IMAGES))) $(if $(LOAD),-load $(LOAD))

sip: build ## real registrations at Kamailio, with its TLS module, and at SIPp's bad registrars; needs both, ip, unshare and node
	cd testkit/internal/conformance/node && npm ci --silent
	go run ./testkit/internal/conformance/sip -binary bin/voxemu

soak: build ## load for DURATION (default 2m), broken clients, kill -9 and restart; every answer compared with a model
	cd testkit/internal/soak && go build -o ../../../bin/soak . && cd ../../.. && bin/soak -binary bin/voxemu -duration $(DURATION)

dist: ## binaries, archives, wheels, npm packages, image, deb, rpm of VERSION for PLATFORMS, in dist/
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) go run ./testkit/internal/dist -version $(VERSION) -commit $$(git rev-parse HEAD) -platforms "$(PLATFORMS)" -out dist

kits: ## the Python and Node packages as users install them, from dist/; needs python3 and npm
	.ci/kits dist

windows: ## vet the program and all tests for Windows, and build the program
	GOOS=windows go vet ./...
	GOOS=windows go build -o /dev/null ./cmd/voxemu

vulncheck: ## known vulnerabilities in what the binary is built from; needs the database at vuln.go.dev
	go run $(GOVULNCHECK) ./...

.PHONY: kill console dist kits windows reference help run build test long race lint check golden fuzz bench bench-all bench-start bench-peers spec-lint conformance editor judges soak vulncheck sip haproxy
