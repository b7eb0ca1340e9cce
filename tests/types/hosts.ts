// The types as hosts differ: a value that may be absent is handed on as `undefined`, whatever `exactOptionalPropertyTypes`
// says; a stylesheet is imported for its effect; an address is taken where no library of the DOM is. Other versions of
// TypeScript and other libraries are the matrix's (tests/matrix/hosts/typescript.mjs).
import "stripe-connect-oauth/button.css";
import {
  type BeginOptions,
  type ButtonOptions,
  type ExpressParams,
  type ExpressStripeUser,
  type Finished,
  type StandardParams,
  type StripeUser,
  finishConnect,
  parseCallback,
} from "stripe-connect-oauth";
import type { CompleteOptions } from "stripe-connect-oauth/complete";
import type { ConnectOptions, ConnectSettings, ConnectStart, Language, RequestContext } from "stripe-connect-oauth/edge";
import type { AccountChange, FaultRule, NewSandboxPlatform, SandboxOptions, WebhookChange } from "stripe-connect-oauth/sandbox";
import type { CreateOptions, ExchangeOptions, ProvingOptions, RefreshOptions, WebhookOptions } from "stripe-connect-oauth/server";
import type { CompiledModules } from "stripe-connect-oauth/wasm";

/** The fields that may be left out, but not be `undefined`. */
type Exact<T> = T extends unknown
  ? { [K in keyof T]-?: {} extends Pick<T, K> ? ({ [P in K]: undefined } extends Pick<T, K> ? never : K) : never }[keyof T]
  : never;
/** All that is handed in. */
type Given =
  | BeginOptions | ButtonOptions | CompiledModules | CompleteOptions | ConnectSettings | ConnectStart | CreateOptions | ExchangeOptions
  | ExpressParams | ExpressStripeUser | Language | ProvingOptions | RefreshOptions | RequestContext | StandardParams
  | StripeUser | WebhookOptions | AccountChange | FaultRule | NewSandboxPlatform | SandboxOptions | WebhookChange;
const exact: Exact<Given>[] = [];
const none: never[] = exact;

declare const env: { CONNECT_BASE?: string; CHANNEL_LINK: string | undefined };
declare const needed: Pick<ConnectOptions, "client_id" | "secret_key" | "cookie_secrets" | "store" | "identify">;
const options: ConnectOptions = { ...needed, redirect_uri: "https://shop.example/connect/callback", connect_base: env.CONNECT_BASE };
const app: BeginOptions<"app"> = { subject: "ada", flow: "app", channel_link: env.CHANNEL_LINK };

// What an exchange takes is there once the flow is authorized; a callback of elsewhere has no such thing.
const finished: Finished = finishConnect(undefined, { subject: undefined });
if (finished.outcome === "authorized") {
  const body: { code: string; state: string; subject: string } = finished;
}
const callback = parseCallback("?code=ac_123", { state: "" });
// @ts-expect-error nobody began it here
if (callback.outcome === "authorized") callback.subject;

for (const address of ["?code=ac_123", new URL("https://shop.example/cb"), location, new URLSearchParams()]) parseCallback(address, { state: "" });
// @ts-expect-error headers are no address
parseCallback(new Headers(), { state: "" });
// @ts-expect-error nor is a form
parseCallback(new FormData(), { state: "" });
