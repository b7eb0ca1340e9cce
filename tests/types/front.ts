// The front entry and prefill against their types. Good uses compile; bad ones don't. Each `@ts-expect-error` is a
// mistake the types must catch: should one of them become valid, this file no longer compiles.
import {
  type Callback,
  type ConnectError,
  type ExpressStripeUser,
  type Rejected,
  authorizeUrl,
  beginConnect,
  connectButton,
  finishConnect,
  isConnectError,
  newState,
  parseCallback,
} from "stripe-connect-oauth";
import { completeConnect } from "stripe-connect-oauth/complete";
import de from "stripe-connect-oauth/languages/de";
import { cleanPrefill } from "stripe-connect-oauth/prefill";

/** Compiles only when nothing is left over. */
declare function never(left: never): never;

// authorizeUrl

const state: string = newState();
const params = { client_id: "ca_123", state };
const url: string = authorizeUrl(params);
authorizeUrl(
  {
    ...params,
    redirect_uri: "https://shop.example/cb",
    response_type: "code",
    scope: "read_write",
    stripe_landing: "login",
    always_prompt: true,
    stripe_user: { email: "ada@example.com", url: "https://a.example", country: "GB", business_name: "A", first_name: "A", last_name: "L" },
  },
  { flow: "standard", livemode: false, redirect_uris: ["https://shop.example/cb"], connect_base: "http://localhost:12111" },
);

// @ts-expect-error no state
authorizeUrl({ client_id: "ca_123" });
// @ts-expect-error no client_id
authorizeUrl({ state });
// @ts-expect-error a parameter there is not
authorizeUrl({ ...params, clientId: "ca_123" });
// @ts-expect-error a scope there is not
authorizeUrl({ ...params, scope: "readwrite" });
// @ts-expect-error not a response type Stripe has
authorizeUrl({ ...params, response_type: "token" });
authorizeUrl({
  ...params,
  stripe_user: {
    country: "JP", zip: "150-0001", dob_day: 1, dob_month: "2", dob_year: 1985, physical_product: true, business_type: "llc",
    gender: "female", first_name_kana: "エイダ", block_kanji: "一番", phone_number: "4155552671", currency: "jpy",
  },
});
authorizeUrl({ ...params, stripe_user: { physical_product: "false" } }, { livemode: true });
authorizeUrl({ ...params, suggested_capabilities: ["transfers"], stripe_user: { business_type: "company" } }, { flow: "express" });
authorizeUrl(params, { flow: "app", channel_link: "chnlink_1" });
authorizeUrl({ ...params, redirect_uri: "https://shop.example/cb" }, { flow: "app" });
// @ts-expect-error a prefill field there is not
authorizeUrl({ ...params, stripe_user: { phone: "1" } });
// @ts-expect-error a field Stripe has no more
authorizeUrl({ ...params, stripe_user: { product_category: "software" } });
// @ts-expect-error a business type of the other flow
authorizeUrl({ ...params, stripe_user: { business_type: "company" } });
// @ts-expect-error a flow there is not
authorizeUrl(params, { flow: "custom" });
// @ts-expect-error the Express flow has no scope
authorizeUrl({ ...params, scope: "read_write" }, { flow: "express" });
// @ts-expect-error nor the fields that are for Standard accounts
authorizeUrl({ ...params, stripe_user: { zip: "1" } }, { flow: "express" });
// @ts-expect-error only the Express flow suggests capabilities
authorizeUrl({ ...params, suggested_capabilities: ["transfers"] });
// @ts-expect-error a capability there is not
authorizeUrl({ ...params, suggested_capabilities: ["transfer"] }, { flow: "express" });
// @ts-expect-error capabilities are asserted when the code is exchanged
authorizeUrl({ ...params, assert_capabilities: ["transfers"] }, { flow: "express" });
// @ts-expect-error an app has three parameters
authorizeUrl({ ...params, stripe_user: { email: "ada@example.com" } }, { flow: "app" });
// @ts-expect-error a channel link is an app's
authorizeUrl(params, { channel_link: "chnlink_1" });
// @ts-expect-error a text where a boolean belongs
authorizeUrl({ ...params, always_prompt: "true" });
// @ts-expect-error one text where a list belongs
authorizeUrl(params, { redirect_uris: "https://shop.example/cb" });
// @ts-expect-error a URL is no text
authorizeUrl({ ...params, redirect_uri: new URL("https://shop.example/cb") });
// @ts-expect-error the secret key is not for the front channel
authorizeUrl({ ...params, secret_key: "sk_test_123" });

// parseCallback

const callback: Callback = parseCallback("?code=ac_123", { state });
parseCallback(new URL("https://shop.example/cb"), { state });
parseCallback(new URLSearchParams(), { state });
parseCallback(location, { state });
// @ts-expect-error no state to hold it against
parseCallback("?code=ac_123");
// @ts-expect-error nor here
parseCallback("?code=ac_123", {});
// @ts-expect-error a state that was not kept
parseCallback("?code=ac_123", { state: sessionStorage.getItem("state") });
// @ts-expect-error a Request is no address
parseCallback(new Request("https://shop.example/cb"), { state });
// @ts-expect-error the code is there only once the outcome is known
callback.code;

/** Every outcome, and nothing more. */
function outcomes(callback: Callback): string {
  switch (callback.outcome) {
    case "authorized": {
      const scope: "read_write" | "read_only" | undefined = callback.scope;
      // @ts-expect-error an authorized callback has nothing to tell the person
      callback.hint;
      return callback.code + (scope ?? "");
    }
    case "denied": {
      const verified: boolean = callback.verified;
      // @ts-expect-error Stripe's words go by a name that says not to trust them
      callback.error_description;
      return `${callback.hint}${verified}${callback.untrusted_description ?? ""}`;
    }
    case "failed":
      return callback.error + callback.hint;
    case "rejected":
      return callback.reason + callback.hint;
    case "none":
      return callback.hint;
    default:
      return never(callback);
  }
}

/** A switch that leaves an outcome out is noticed. */
function incomplete(callback: Callback): string {
  switch (callback.outcome) {
    case "authorized":
      return callback.code;
    case "denied":
    case "failed":
    case "rejected":
      return callback.hint;
    default:
      // @ts-expect-error "none" is left
      return never(callback);
  }
}

/** Every reason, and nothing more. */
function reasons({ reason }: Rejected): number {
  switch (reason) {
    case "state_mismatch":
    case "state_missing":
    case "duplicate_parameter":
    case "conflicting_parameters":
    case "malformed":
    case "too_long":
    case "unexpected_issuer":
      return 1;
    case "not_started":
    case "expired":
    case "another_subject":
    case "already_used":
      return 2;
    default:
      return never(reason);
  }
}

// beginConnect, finishConnect

const begun: { url: string; state: string } = beginConnect({ client_id: "ca_123" }, { subject: "user-1", livemode: true, flow_lifetime: 600 });
const finished: Callback = finishConnect();
finishConnect(undefined, { subject: "user-1" });
finishConnect("?code=ac_123", {});
// @ts-expect-error a flow is begun for someone
beginConnect({ client_id: "ca_123" });
// @ts-expect-error the app flow has no scope
beginConnect({ client_id: "ca_123", scope: "read_write" }, { subject: "user-1", flow: "app" });
// @ts-expect-error for someone who is signed in
beginConnect({ client_id: "ca_123" }, { subject: null });
// @ts-expect-error beginConnect makes the state itself
beginConnect({ client_id: "ca_123", state }, { subject: "user-1" });
// @ts-expect-error finishConnect knows the state itself
finishConnect("?code=ac_123", { state });

// completeConnect

const ending = await completeConnect({ subject: "user-1", exchange: "/pay/exchange", fetch, signal: AbortSignal.timeout(1000), language: { ...de, "denied.hint": "…" } });
if (ending.outcome === "connected") {
  const account: string | undefined = ending.connection?.account_id;
} else {
  const told: [string | undefined, string] = [ending.title, ending.hint];
  // @ts-expect-error the ending of a flow that did not connect has no connection
  ending.connection;
  if (ending.outcome === "rejected") ending.reason satisfies Rejected["reason"];
  if (ending.outcome === "unknown") console.error(ending.cause);
  if (ending.outcome === "denied") ending.verified satisfies boolean;
  // @ts-expect-error no code: it was exchanged
  ending.code;
  // @ts-expect-error nor is it left to be
  ending.outcome === "authorized";
}
// @ts-expect-error finishConnect's input it has not
completeConnect("?code=ac_123", {});

// connectButton

const markup: string = connectButton({ href: url });
connectButton({ action: "/connect/start", look: "slate", size: "large", label: "Mit Stripe verbinden" });
// @ts-expect-error where to?
connectButton({});
// @ts-expect-error a link or a form
connectButton({ href: "/a", action: "/b" });
// @ts-expect-error a look Stripe does not have
connectButton({ href: "/a", look: "black" });
// @ts-expect-error an option there is not
connectButton({ action: "/a", fields: { return_to: "/" } });
// @ts-expect-error no attribute of one's own
connectButton({ href: "/a", onclick: "x()" });

// cleanPrefill

const profile: { email: string | null; website?: string; phone: bigint } = { email: null, phone: 1n };
const typed = cleanPrefill({ email: profile.email, url: profile.website, phone_number: profile.phone, country: 42 });
const names: string[] = typed.dropped;
authorizeUrl({ ...params, stripe_user: typed.stripe_user });
beginConnect({ client_id: "ca_123", stripe_user: cleanPrefill({}, { flow: "express" }).stripe_user }, { subject: "user-1", flow: "express" });
// @ts-expect-error a field there is not
cleanPrefill({ phone: "1" });
// @ts-expect-error the other flow's
const express: ExpressStripeUser = cleanPrefill({}, { flow: "standard" }).stripe_user;
// @ts-expect-error no flow
cleanPrefill({}, { flow: "custom" });

// ConnectError

function explain(error: unknown): string {
  if (!isConnectError(error)) return "";
  const known: ConnectError = error;
  switch (known.code) {
    case "missing_parameter":
    case "unknown_parameter":
    case "invalid_type":
    case "invalid_value":
    case "too_long":
    case "redirect_uri_not_allowed":
    case "wrong_credential":
    case "unverified_callback":
    case "storage_unavailable":
    case "wasm_unavailable":
      return `${known.name} ${known.param} ${known.message}`;
    default:
      return never(known.code);
  }
}

export { begun, explain, finished, incomplete, markup, outcomes, reasons };
