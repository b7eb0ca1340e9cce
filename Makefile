# Each target sets up what it needs and skips what is built. `make demo` and `make test` are the two to know.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

RUST := $(shell find src -type f) Cargo.toml Cargo.lock
BUILDER := scripts/build-wasm.sh scripts/shrink-wasm.mjs scripts/tools.sh package-lock.json
TOOLS := source scripts/tools.sh

.PHONY: help demo test build bindings example lint docs rust types package oracle browser e2e size interop matrix release clean

help:
	@printf '%s\n' \
	  'make demo    the whole flow on this machine: a small platform, and a stand-in for Stripe' \
	  'make test    everything below, but interop' \
	  'make build   the npm package in pkg/' \
	  'make example a page in Rust that connects an account, with Yew' \
	  'make bindings what wasm-pack makes of the feature of that name, in target/' \
	  'make lint    formatting and clippy for every set of features' \
	  'make docs    the documentation as docs.rs builds it, with an example of everything' \
	  'make rust    Rust tests for every set of features' \
	  'make browser Rust tests in Chromium, Firefox and WebKit; BROWSERS=firefox for one' \
	  'make types   the package against its types' \
	  'make package tests of the npm package in Node and workerd, with PostgreSQL' \
	  'make oracle  the package against the official SDKs for Node and Python' \
	  'make e2e     end-to-end tests in headless Chromium against workerd, D1 and the stand-in' \
	  'make size    sizes against their budgets' \
	  'make interop clients nobody here wrote, in seven languages, against the sandbox' \
	  'make matrix  the packed package in each host; HOST=next for one' \
	  'make release what must be so before a release, but for the tests; TAG=v1.2.3' \
	  'make clean   removes what was built'

demo: build
	@$(TOOLS); need_node; exec node www/serve.mjs

test: lint docs rust types package oracle size browser e2e
	@$(TOOLS); say 'all passed'

## The npm package: four modules, each of only the features it needs, and what leads to them.

MODULES := front prefill server sandbox
ENTRIES := scripts/entries.mjs scripts/write-entries.mjs $(wildcard pkg/entries/* pkg/shared/* pkg/stores/*.*)

build: pkg/dist/front.default.js pkg/README.md pkg/THIRD-PARTY-NOTICES

pkg/dist/front.wasm: FEATURES = js-front,small-alloc
pkg/dist/prefill.wasm: FEATURES = js-prefill,small-alloc
pkg/dist/server.wasm: FEATURES = js,edge,wiping-alloc
pkg/dist/sandbox.wasm: FEATURES = js,sandbox

$(MODULES:%=pkg/dist/%.wasm): pkg/dist/%.wasm: $(RUST) $(BUILDER)
	@scripts/build-wasm.sh $* $(FEATURES)

pkg/dist/front.default.js: $(MODULES:%=pkg/dist/%.wasm) $(ENTRIES) pkg/dist/languages/en.js
	@$(TOOLS); need_node; node scripts/write-entries.mjs; touch $@

pkg/dist/languages/en.js: $(RUST) scripts/languages.rs
	@$(TOOLS); need_rust; say 'writing the languages'; cargo run --quiet --example languages -- pkg/dist

pkg/README.md: README.md LICENSE-APACHE LICENSE-MIT scripts/readme.mjs pkg/package.json
	@cp LICENSE-APACHE LICENSE-MIT pkg/; $(TOOLS); need_node; node scripts/readme.mjs README.md $@

pkg/THIRD-PARTY-NOTICES: Cargo.lock scripts/notices.mjs
	@$(TOOLS); need_rust; need_node; node scripts/notices.mjs $@

## What `wasm-pack build --features bindings` packs. It has to be told where: its default is pkg/, the npm package's.

bindings: target/bindings/web/package.json

target/bindings/web/package.json: $(RUST) pkg/entries/front.d.ts
	@$(TOOLS); need_wasm_pack; for target in web bundler nodejs; do say "packing the bindings for $$target"; \
	  RUSTFLAGS="--remap-path-prefix=$$HOME=~" wasm-pack --log-level warn build --mode no-install --target $$target \
	    --out-dir target/bindings/$$target --features bindings --locked --quiet; done; touch $@

## A page in Rust, without a tool that is Yew's own.

YEW := examples/yew/Cargo.toml examples/yew/Cargo.lock examples/yew/src/main.rs

example: build target/yew/page/page.js
	@$(TOOLS); need_node; exec node examples/yew/serve.mjs

target/yew/page/page.js: $(RUST) $(YEW)
	@$(TOOLS); need_bindgen; say 'building the page in Rust (a minute or two, once)'; \
	  CARGO_TARGET_DIR=target/yew cargo build --quiet --locked --target wasm32-unknown-unknown --manifest-path examples/yew/Cargo.toml; \
	  wasm-bindgen target/yew/wasm32-unknown-unknown/debug/connect-with-yew.wasm --target web --no-typescript --out-dir $(@D) --out-name page

## Checks.

lint:
	@$(TOOLS); need_rust; say 'formatting'; cargo fmt --check; \
	  for other in tests/interop/oauth/rust-oauth2 examples/yew; do cargo fmt --check --manifest-path "$$other/Cargo.toml"; done
	@$(TOOLS); for features in '' serde url web server edge sandbox edge,sandbox,http,serde,url,web; do \
	  say "clippy, features: $${features:-none}"; \
	  cargo clippy --quiet --all-targets --features "$$features" -- -D warnings; done
	@$(TOOLS); for features in js js-front,small-alloc js-prefill,small-alloc web,url bindings js,server js,edge,wiping-alloc js,sandbox; do \
	  say "clippy for wasm, features: $$features"; \
	  cargo clippy --quiet --target wasm32-unknown-unknown --features "$$features" -- -D warnings; done

docs:
	@$(TOOLS); need_rust; need_node; say 'documentation'; node scripts/docs.mjs

rust:
	@$(TOOLS); need_rust; for features in '' serde url web server edge sandbox edge,sandbox,http,serde,url,web; do \
	  say "Rust tests, features: $${features:-none}"; \
	  cargo test --quiet --features "$$features"; done

types: build bindings
	@$(TOOLS); need_node; say 'types of the package'; \
	  node_modules/.bin/tsc --noEmit -p tests/types/tsconfig.json; \
	  node_modules/.bin/tsc --noEmit -p tests/types/tsconfig.bindings.json; \
	  node_modules/.bin/tsc --noEmit -p tests/types/tsconfig.pkg.json; \
	  node_modules/.bin/tsc --noEmit -p tests/types/tsconfig.node.json; \
	  node scripts/type-examples.mjs; node_modules/.bin/tsc --noEmit -p target/types

package: build bindings
	@$(TOOLS); need_node; need_postgres; say 'tests of the package'; node --test tests/package/*.test.mjs

oracle: build
	@$(TOOLS); need_node; need_python_sdk; say 'tests against the official SDKs'; \
	  PYTHON="$$python" node --test tests/oracle/*.test.mjs

# Each root of tests for browsers, and the features that it needs.
BROWSERS := chromium firefox webkit
IN_BROWSERS := \
  browser: \
  front: \
  prefill: \
  web:web \
  seal:edge,sandbox \
  flows:edge,sandbox \
  life:edge,sandbox \
  bindings:bindings

browser:
	@$(TOOLS); need_wasm_pack; for browser in $(BROWSERS); do "need_$$browser"; done; \
	  for browser in $(BROWSERS); do for root in $(IN_BROWSERS); do \
	    say "Rust tests in $$browser: tests/$${root%%:*}.rs"; wasm_test "$$browser" "$${root%%:*}" "$${root#*:}"; done; done

e2e: build target/yew/page/page.js
	@$(TOOLS); need_node; need_chromium; say 'end-to-end tests in headless Chromium'; node --test --test-concurrency=2 tests/e2e/*.test.mjs

size: build
	@$(TOOLS); need_node; node scripts/size.mjs

interop: build
	@$(TOOLS); need_rust; need_node; need_interop; build_interop; \
	  say 'other people'"'"'s clients against the sandbox'; \
	  PYTHON="$$python" node tests/interop/run.mjs
	@$(TOOLS); say 'the sandbox'"'"'s answers against the types of stripe-node'; node tests/interop/types.mjs
	@$(TOOLS); say 'ten thousand flows with faults'; node tests/interop/load.mjs

matrix: build
	@$(TOOLS); need_node; need_openssl; for browser in $(if $(HOST),chromium $(filter firefox webkit,$(HOST)),$(BROWSERS)); do "need_$$browser"; done; \
	  say 'the package in each host'; node tests/matrix/run.mjs $(FLAGS) $(HOST)

release: build
	@$(TOOLS); need_node; say 'what a release needs'; node scripts/release.mjs $(TAG)

clean:
	rm -rf target pkg/dist pkg/README.md pkg/LICENSE-* pkg/THIRD-PARTY-NOTICES www/public/client www/public/button.css www/.wrangler
