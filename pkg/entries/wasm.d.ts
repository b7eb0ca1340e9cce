/** A `WebAssembly.Module`: not every project has types for it. */
export type CompiledModule = object;

/** The package's modules by name: `front` is of the package itself and `/complete`, `server` of `/edge` and `/server`. */
export interface CompiledModules {
  front?: CompiledModule | undefined;
  prefill?: CompiledModule | undefined;
  server?: CompiledModule | undefined;
  sandbox?: CompiledModule | undefined;
}

/**
 * Hands in compiled modules, for a host that compiles no WebAssembly while it runs (Cloudflare Workers and the like) and
 * a framework that does not take up the package's entries for it, so that calls fail with `wasm_unavailable`. Everywhere
 * else there is nothing to do.
 *
 * Call it before the first call of the entries that need them; which copy of the package they are in does not matter.
 * Importing `stripe-connect-oauth/wasm/front` and `stripe-connect-oauth/wasm/server` (or `prefill`, `sandbox`) does it
 * where a framework's bundler knows such imports: for Next on Cloudflare, in `register` of `instrumentation.ts`.
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
 *
 * // Or, in Next's instrumentation.ts:
 * export async function register() {
 *   await import("stripe-connect-oauth/wasm/front");
 *   await import("stripe-connect-oauth/wasm/server");
 * }
 * ```
 */
export function provideModules(modules: CompiledModules): void;
