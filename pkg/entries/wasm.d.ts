/** A `WebAssembly.Module`: not every project has types for it. */
export type CompiledModule = object;

/** The package's modules by name: `front` is of the package itself and `/complete`, `server` of `/edge` and `/server`. */
export interface CompiledModules {
  front?: CompiledModule;
  prefill?: CompiledModule;
  server?: CompiledModule;
  sandbox?: CompiledModule;
}

/**
 * Hands in compiled modules, for a host that compiles no WebAssembly while it runs (Cloudflare Workers and the like) and
 * a framework that does not take up the package's entries for it, so that calls fail with `wasm_unavailable`. Everywhere
 * else there is nothing to do.
 *
 * Call it before the first call of the entries that need them; which copy of the package they are in does not matter.
 *
 * @throws ConnectError where a name is unknown, or what is given is no `WebAssembly.Module`
 *
 * @example
 * ```ts
 * import front from "stripe-connect-oauth/front.wasm";
 * import server from "stripe-connect-oauth/server.wasm";
 * import { provideModules } from "stripe-connect-oauth/wasm";
 *
 * provideModules({ front, server });
 * ```
 */
export function provideModules(modules: CompiledModules): void;
