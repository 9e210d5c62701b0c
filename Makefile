# Everything a person or a build server calls. `make` lists it; ARCHITECTURE.md says why things are where they are.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

scripts := src-tauri/scripts
cargo := cargo --locked
npm := npm --prefix ui --no-update-notifier --no-fund
ui_sources := $(shell find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -type f -print 2>/dev/null | tr ' ' '?')

.PHONY: types help setup ui run test check lint-rust lint-ui test-rust test-ui fuzz docs bench bench-bridge bench-window tour-pictures torture test-clients package check-targets test-windows

help: ## List these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: ## Install what is missing: system packages (apt) and npm packages
	@$(scripts)/setup.sh

ui: ui/dist/index.html
ui/dist/index.html: $(ui_sources) | setup
	$(npm) run build
	@touch $@

run: ui ## Build and open the app; with no display, run the tour and leave screenshots in target/tour/
	@if $(scripts)/has-display.sh; then \
		$(cargo) build --workspace --bins && exec target/debug/keystow-desktop; \
	else \
		echo 'No display: running the tour of the app in a virtual one.'; \
		$(cargo) build --workspace --bins --test tour && exec $(cargo) test --quiet --workspace --test tour -- --nocapture; \
	fi

test: lint-rust lint-ui test-ui test-rust fuzz docs check-targets test-windows ## Everything: formatting, lints, unit, integration, end to end, other systems
	@echo 'make test: all passed.'

check: lint-rust lint-ui test-ui ## Fast: formatting, lints, unit tests
	$(cargo) test --workspace --lib --bins

lint-rust: ui
	cargo fmt --all --check
	$(cargo) clippy --workspace --all-targets -- -D warnings
	@if command -v cargo-deny >/dev/null; then $(cargo) deny --offline check bans licenses sources; else echo 'Licences: skipped, cargo-deny is not installed.'; fi

lint-ui: setup
	$(npm) run lint
	$(npm) run typecheck

test-ui: ui
	$(npm) test
	$(npm) run budget

# Binaries come first and with the features of the tests, so that tests that run `keystow` find the one of this build.
test-rust: ui
	$(cargo) build --workspace --bins --tests
	$(cargo) test --workspace

fuzz: ## Fuzz the four editors of settings files, a minute each (SECONDS_EACH=600 for longer)
	@$(scripts)/fuzz.sh $(or $(SECONDS_EACH),60)

types: ## Write the window's side of the command table anew
	$(cargo) run --quiet -p keystow-app --example types > target/types.ts && mv target/types.ts ui/src/ipc/generated.ts
	$(cargo) run --quiet -p keystow-app --example types catalogue > target/catalogue.ts && mv target/catalogue.ts ui/test/catalogue.generated.ts

docs: ui
	RUSTDOCFLAGS='-D warnings' $(cargo) doc --workspace --no-deps --quiet

bench: ui ## Measure connecting, the bridge and the window against other programs, and print the torture table
	@$(scripts)/bench.sh

bench-bridge: setup ## Of that, only the bridge beside other bridges; writes its figures into src-tauri/docs/bridge.md
	@$(scripts)/bench-bridge.sh

bench-window: ui ## Of that, only the window beside an empty one (BENCH_WINDOW_MINUTES=60: how long it is used for its memory)
	@$(scripts)/bench-window.sh

tour-pictures: ui ## Take the pictures of the README anew, light and dark, on the tour
	$(cargo) build --workspace --bins --test tour
	$(cargo) test --quiet --workspace --test tour -- --pictures

torture: setup ## The same settings files through Keystow and other configurators; writes src-tauri/docs/TORTURE.md
	@$(scripts)/torture.sh

test-clients: setup ## Claude Code, Codex and opencode themselves connect through what Keystow wrote
	@$(scripts)/test-clients.sh

package: ui ## Build the deb and the rpm into target/release/bundle/
	@$(scripts)/package.sh

check-targets: ui ## Type-check for Windows and macOS, link for Windows
	@$(scripts)/check-targets.sh

test-windows: ui ## Run the Windows program under wine
	@$(scripts)/test-windows.sh
