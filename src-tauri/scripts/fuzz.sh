#!/usr/bin/env bash
# Feeds whatever it can think of to the editors of settings files and to their previews, guided by what of their code it reaches:
# seconds for each syntax (60 unless told), then the syntaxes (all unless told). Two run at a time. Findings are left in
# src-tauri/fuzz/artifacts/, and what reached new code in target/fuzz/corpus/. Works with stable Rust; needs a C++ compiler. Linux only.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
syntaxes=("$@")
[ ${#syntaxes[@]} -gt 0 ] || syntaxes=(json jsonc toml yaml)
target=${CARGO_TARGET_DIR:-$PWD/target}/fuzz
artifacts=$PWD/src-tauri/fuzz/artifacts

[ "$(uname -s)" = Linux ] || { echo 'make fuzz: skipped, it is for Linux.'; exit 0; }
command -v c++ >/dev/null || { echo 'make fuzz: skipped, there is no C++ compiler (apt install g++).'; exit 0; }

host=$(rustc -vV | sed -n 's/^host: //p')
echo 'Building the fuzzer …'
# What `cargo fuzz` asks of the compiler, but for the sanitizers, which are not in stable Rust.
RUSTFLAGS='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares' \
	CARGO_TARGET_DIR=$target cargo build --release --quiet --target "$host" --manifest-path src-tauri/fuzz/Cargo.toml

mkdir -p "$artifacts"
run() {
	local syntax=$1 corpus=$target/corpus/$1 seeds=$target/seeds/$1 log=$target/$1.log
	mkdir -p "$corpus" "$seeds"
	for seed in src-tauri/crates/core/fixtures/clients/*/*/*."$syntax"; do
		[ -f "$seed" ] && cp "$seed" "$seeds/$(echo "${seed#*clients/}" | tr / -)"
	done
	# Findings are named by their syntax.
	if KEYSTOW_FUZZ=$syntax "$target/$host/release/edit" "$corpus" "$seeds" -max_total_time="$seconds" -max_len=8192 -timeout=10 \
		-rss_limit_mb=2048 -artifact_prefix="$artifacts/$syntax-" -verbosity=1 -print_final_stats=1 >"$log" 2>&1; then
		sed -n "s/^stat::number_of_executed_units: */$syntax: inputs tried: /p" "$log"
	else
		echo "$syntax: FAILED"
		grep -m1 -A6 'panicked at' "$log" || tail -n 20 "$log"
		return 1
	fi
}

failed=0
for ((at = 0; at < ${#syntaxes[@]}; at += 2)); do
	jobs=()
	for syntax in "${syntaxes[@]:at:2}"; do
		run "$syntax" &
		jobs+=($!)
	done
	for job in "${jobs[@]}"; do
		wait "$job" || failed=1
	done
done
exit $failed
