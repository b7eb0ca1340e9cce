#!/usr/bin/env bash
# Builds one WebAssembly module of the package: build-wasm.sh NAME FEATURES
# Makes pkg/dist/NAME.wasm and its glue, and what leads to them (scripts/write-entries.mjs).
set -euo pipefail
source "$(dirname "$0")/tools.sh"
name=$1 features=$2 dist=$root/pkg/dist
need_bindgen
need_node
cd "$root"

say "building $name.wasm"
# The paths of this machine stay out of the module: it is the same wherever it is built.
RUSTFLAGS="--remap-path-prefix=$HOME=~" cargo build --locked --quiet --release --lib --target wasm32-unknown-unknown --features "$features"
mkdir -p "$dist"
wasm-bindgen target/wasm32-unknown-unknown/release/stripe_connect_oauth.wasm \
  --target bundler --no-typescript --encode-into always --out-dir "$dist/.bindgen" --out-name "$name"
# A text is encoded as a whole: the glue's other way, which looks at each character first, is no faster for ours.
# Nor does importing it call a constructor, which a test runner's page may lack until its set-up has run.
sed -e 's/if (realloc === undefined) {/{/' -e '/^    let len = arg.length;$/,/^    return ptr;$/d' \
  -e '/^let cachedTextDecoder = /,/^let numBytesDecoded/d' -e '/^    numBytesDecoded += /,/^    }$/d' \
  -e 's/cachedTextDecoder\.decode(bytes)/new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)/' \
  -e '/^const cachedTextEncoder = /d' -e 's/cachedTextEncoder\./new TextEncoder()./' \
  "$dist/.bindgen/${name}_bg.js" >"$dist/$name.glue.js"
node scripts/shrink-wasm.mjs "$dist/.bindgen/${name}_bg.wasm" "$dist/$name.wasm" "$dist/$name.text.js"
rm -r "$dist/.bindgen"
node scripts/write-entries.mjs
