import type { ConnectionView, Language, Refusal } from "./edge.js";
import type { Denied, Failed, None, Rejected } from "./front.js";

export interface CompleteOptions {
  /** Who is signed in now; another user can't finish the flow. */
  subject?: string | undefined;
  /** The path of the worker's exchange, which is served with `page_style: true`. Default `/connect/exchange`. */
  exchange?: string | undefined;
  /** How to reach it. Default: the global `fetch`. */
  fetch?: typeof fetch | undefined;
  /** Ends the wait for it. What the worker has done by then is `unknown`. */
  signal?: AbortSignal | undefined;
  /** What people read, such as `stripe-connect-oauth/languages/de`. Default: English, and the worker's own language. */
  language?: Language | undefined;
}

/** An account is connected, and the worker keeps it. */
export interface Completed {
  outcome: "connected";
  /** Absent where it had been connected before: by an earlier request, or before the person went back to Stripe. */
  connection?: ConnectionView;
}

/** The worker did not connect the account, or nobody knows. */
export interface NotExchanged {
  outcome: Exclude<Refusal["outcome"], "denied" | "failed">;
  hint: string;
  /** With `unknown`, where the worker's reply did not arrive: what was thrown. For logs; never show it. */
  cause?: unknown;
}

/** How a flow ended that did not connect an account, as the person may read it. */
export type NotCompleted = (Denied | Failed | Rejected | None | NotExchanged) & {
  /** With `language`: a heading. */
  title?: string;
};

/**
 * Finishes a flow in the page, and has the worker exchange the code: `finishConnect` and the request to
 * `/connect/exchange` in one. The request is sent once; it is sent again only where the worker says itself that it is
 * still at work or that its store did not answer, three times at most.
 *
 * Called again, as React's strict mode does, it gives the very same promise as long as the page lives. Who goes back to
 * Stripe's page after it had worked, and agrees or cancels there, is told again that the account is connected.
 *
 * It rejects with a `ConnectError` over a mistake in the options, and where WebAssembly or `sessionStorage` is blocked.
 * Whatever Stripe, the network and the worker answer is a result. The address is cleaned in any case.
 *
 * @example
 * ```ts
 * import { completeConnect } from "stripe-connect-oauth/complete";
 *
 * const ending = await completeConnect({ subject: "user-42" });
 * if (ending.outcome === "connected") location.replace("/payouts");
 * else if (ending.outcome !== "none") document.querySelector("output")!.textContent = ending.hint;
 * ```
 */
export function completeConnect(options?: CompleteOptions): Promise<Completed | NotCompleted>;
