// Where Nitro (of Nuxt, too) builds for a host without Node and is not set to take up WebAssembly. The import leads nowhere,
// so that the build fails: what can't be found is what it prints.
import "./stripe-connect-oauth: set nitro.experimental.wasm to true (in nuxt.config: nitro: { experimental: { wasm: true } }), then this host's build takes up its WebAssembly";
