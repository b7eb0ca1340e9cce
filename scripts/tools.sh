# Sourced by the other scripts: installs the tools the build needs, once, and puts them on PATH.
# What is there already, in the right version, is used as it is.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/stripe-connect-oauth
export PATH="$cache/bin:$HOME/.cargo/bin:$PATH"

say() { printf '\033[1m· %s\033[0m\n' "$*" >&2; }

# Debian needs root for its packages; a person on another system installs Chromium and PostgreSQL by hand.
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# Debian's packages, which ask nothing. A download that breaks is begun again.
debian() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3)
  as_root "${apt[@]}" update >&2
  as_root "${apt[@]}" install -y "$@" >/dev/null
}

# The version of a crate that Cargo.lock holds.
locked() { sed -n "/^name = \"$1\"\$/{n;s/^version = \"\(.*\)\"/\1/p;}" "$root/Cargo.lock"; }

# A cargo tool, built lightly: it runs for seconds, so building it fast matters more than its speed.
cargo_tool() { # command, crate, version
  if [ "$("$1" --version 2>/dev/null | awk 'NR == 1 {print $2}')" = "$3" ]; then return; fi
  say "installing $2 $3 (a minute or two, once)"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    cargo install "$2" --version "$3" --root "$cache" --target-dir "$cache/target" --force --quiet
}

need_rust() {
  command -v cargo >/dev/null || { say "Rust is missing: install it from https://rustup.rs"; exit 1; }
  [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ] || {
    say "adding the wasm32-unknown-unknown target"
    rustup target add wasm32-unknown-unknown >&2
  }
}

need_bindgen() { need_rust; cargo_tool wasm-bindgen wasm-bindgen-cli "$(locked wasm-bindgen)"; }

need_wasm_pack() { need_bindgen; cargo_tool wasm-pack wasm-pack 0.15.1; }

need_node() {
  command -v node >/dev/null || { say "Node 20 or newer is missing: install it from https://nodejs.org"; exit 1; }
  if [ "$root/package-lock.json" -nt "$root/node_modules/.package-lock.json" ]; then
    say "installing the npm development packages"
    (cd "$root" && npm ci --no-audit --no-fund --loglevel=error) >&2
    touch "$root/node_modules/.package-lock.json"
  fi
}

# The commands of a browser, from Debian's packages where one is not there.
need_browser() { # name, commands, packages
  local missing=()
  for command in $2; do command -v "$command" >/dev/null || missing+=("$command"); done
  if [ ${#missing[@]} = 0 ]; then return; fi
  command -v apt-get >/dev/null || {
    say "$1 is not all here: put ${missing[*]} on PATH (make browser BROWSERS=... runs the others' tests)"
    exit 1
  }
  say "installing $1 and its driver"
  debian $3
}

need_chromium() { need_browser Chromium 'chromium chromedriver' 'chromium chromium-driver'; }

need_firefox() { need_browser Firefox firefox firefox-esr; cargo_tool geckodriver geckodriver 0.37.1; }

# WebKitGTK, the nearest to Safari that runs here. It has no headless mode.
need_webkit() { need_browser WebKit 'WebKitWebDriver xvfb-run' 'webkit2gtk-driver xvfb xauth'; }

# Runs a root of Rust tests in one browser.
wasm_test() { # browser, root, features
  local run=(wasm-pack test --mode no-install --headless)
  case $1 in
    chromium) run+=(--chrome --chromedriver "$(command -v chromedriver)") ;;
    firefox) run+=(--firefox --geckodriver "$(command -v geckodriver)") ;;
    webkit) run=(xvfb-run --auto-servernum "${run[@]}" --safari --safaridriver "$(command -v WebKitWebDriver)") ;;
  esac
  WASM_BINDGEN_TEST_TIMEOUT=120 "${run[@]}" -- --test "$2" --features "$3"
}

# For the certificate of the pages that are looked at over https.
need_openssl() {
  if command -v openssl >/dev/null; then return; fi
  command -v apt-get >/dev/null || { say "openssl is missing: install it and put it on PATH"; exit 1; }
  say "installing openssl"
  debian openssl
}

need_postgres() {
  if command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then return; fi
  command -v apt-get >/dev/null || { say "PostgreSQL's server is missing: install it and put initdb and postgres on PATH"; exit 1; }
  say "installing PostgreSQL's server"
  debian postgresql
}

# Stripe's own package for Python, which the tests hold ours against; $python is the one that has it.
need_python_sdk() {
  local version=16.1.0
  python=$cache/python/bin/python3
  if [ "$("$python" -c 'import stripe; print(stripe.VERSION)' 2>/dev/null)" = "$version" ]; then return; fi
  command -v python3 >/dev/null || { say "Python 3.9 or newer is missing: install it from https://python.org"; exit 1; }
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    command -v apt-get >/dev/null || { say "Python's venv module is missing: install it, as python3-venv or the like"; exit 1; }
    say "installing Python's venv module"
    debian python3-venv
  fi
  say "installing stripe $version for Python"
  python3 -m venv --clear "$cache/python"
  "$python" -m pip install --quiet --disable-pip-version-check "stripe==$version" >&2
}

## What `make interop` needs besides, to run other people's clients in the languages they are for.

interop="$root/tests/interop"

need_interop() {
  need_interop_languages
  need_interop_npm
  need_interop_python
}

# The languages, and their libraries. On another system the rows of what is missing fail and say so.
need_interop_languages() {
  local packages=(curl ruby-rest-client ruby-oauth2 ruby-sinatra ruby-webrick php-cli php-curl libhttpclient-java
    libgoogle-gson-java)
  command -v javac >/dev/null || packages+=(default-jdk-headless)
  command -v go >/dev/null || packages+=(golang-go)
  command -v python3 >/dev/null || packages+=(python3)
  command -v dpkg-query >/dev/null || { say "without Debian's packages; missing may be: ${packages[*]}"; return; }
  local missing=()
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  if [ ${#missing[@]} = 0 ]; then return; fi
  say "installing ${missing[*]} (half a minute, once)"
  debian --no-install-recommends "${missing[@]}"
}

need_interop_npm() {
  if [ "$interop/package-lock.json" -nt "$interop/node_modules/.package-lock.json" ]; then
    say "installing the clients from npm"
    (cd "$interop" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2
    touch "$interop/node_modules/.package-lock.json"
  fi
}

# Into the environment of Stripe's own package.
need_interop_python() {
  need_python_sdk
  if cmp -s "$interop/requirements.txt" "$cache/python/interop.txt"; then return; fi
  say "installing the clients from PyPI"
  "$python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$interop/requirements.txt" >&2
  cp "$interop/requirements.txt" "$cache/python/interop.txt"
}

# The clients that are compiled: into target/, which `make clean` removes.
build_interop() {
  say "building the client of the oauth2 crate (half a minute, once)"
  CARGO_TARGET_DIR="$root/target/interop" cargo build --quiet --locked --manifest-path "$interop/oauth/rust-oauth2/Cargo.toml"
  if command -v go >/dev/null; then
    GO111MODULE=off go build -o "$root/target/interop/go-net-http" "$interop/seed/go-net-http.go"
  fi
}
