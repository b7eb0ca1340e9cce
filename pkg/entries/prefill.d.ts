import type { ExpressStripeUser, Flow, StripeUser } from "./front.js";

/** What each flow can fill in: an app nothing. */
interface StripeUsers {
  standard: StripeUser;
  express: ExpressStripeUser;
  app: {};
}

/** What people typed, by Stripe's names for the fields, whatever it is. */
export type TypedStripeUser = { [field in keyof StripeUser]?: unknown };

export interface CleanedPrefill<F extends Flow = "standard"> {
  /** What is right, for `authorizeUrl` and `beginConnect` in the same flow. */
  stripe_user: StripeUsers[F];
  /** The names of the fields that were left out, such as `phone_number`. */
  dropped: string[];
}

/**
 * Puts right what people typed, such as a profile holds it, where it is certain what was meant; leaves out what still
 * breaks a rule, alone or beside the others. `createConnect` does so with what its `prefill` gives.
 *
 * Put right are white space around a value, the case of codes and words, a web address without its scheme, a telephone
 * number written with spaces and the like, and leading zeros in a date of birth. What is empty or `null` is left out.
 *
 * @example
 * ```ts
 * import { beginConnect } from "stripe-connect-oauth";
 * import { cleanPrefill } from "stripe-connect-oauth/prefill";
 *
 * export function begin(user: { id: string; email: string; website: string; country: string }): string {
 *   const { stripe_user, dropped } = cleanPrefill({ email: user.email, url: user.website, country: user.country });
 *   if (dropped.length > 0) console.warn("left out", dropped);
 *   return beginConnect({ client_id: "ca_123", stripe_user }, { subject: user.id }).url;
 * }
 * ```
 *
 * @param stripe_user the fields that a person typed, by Stripe's names
 * @param options `flow`: the one they are for. Default `standard`
 * @throws ConnectError for a name that Stripe does not have, which is the program's mistake
 */
export function cleanPrefill<F extends Flow = "standard">(
  stripe_user: TypedStripeUser,
  options?: { flow?: F | undefined },
): CleanedPrefill<F>;
