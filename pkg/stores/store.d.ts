/** The right to spend one authorization code for one flow. Both are SHA-256 digests in hexadecimal. */
export interface Claim {
  flow: string;
  code: string;
  subject: string;
  /** Unix time in seconds. */
  claimed_at: number;
}

export interface ClaimRecord extends Claim {
  /** How it ended; `null` while the exchange is at work. */
  outcome: string | null;
}

/** A connected account. No secret stands open in it. */
export interface Connection {
  /** The platform's user who connected it. */
  subject: string;
  /** The connected account's id, `acct_…`. */
  account_id: string;
  livemode: boolean;
  /** What was granted. */
  scope: "read_write" | "read_only" | "express" | "stripe_apps";
  /** Unix time in seconds. */
  connected_at: number;
  /** When it ended, in Unix time in seconds; `null` while it is live. */
  disconnected_at: number | null;
  /** The refresh token, sealed; `null` unless `refresh_token_secrets` is set. */
  refresh_token: string | null;
}

/**
 * What must outlive a request. Every worker sees the same store. A method that rejects is reported, and
 * the person is told what to do; nothing is sent to Stripe before a claim was made.
 */
export interface Store {
  /**
   * Claims a flow and its code in one atomic step: `null` when the claim is now made, otherwise the record
   * in its way, by flow first, else by code. Claims older than a day may be let go.
   */
  claim(claim: Claim): Promise<ClaimRecord | null>;
  /** The record of a flow, or `null`. */
  claimed(flow: string): Promise<ClaimRecord | null>;
  /**
   * Ends a claim and keeps the connection it made, both or neither. A connection of the same subject, account
   * and mode is replaced, and is live again if it had ended.
   */
  settle(flow: string, outcome: string, connection: Connection | null): Promise<void>;
  /** The subject's live connections, the newest first. One that has ended is never among them. */
  connections(subject: string): Promise<Connection[]>;
  /** The subject's connections that have ended, the last to end first. */
  disconnected(subject: string): Promise<Connection[]>;
  /**
   * Ends the account's connection, whoever made it: sets `disconnected_at` to `at` (Unix time in seconds) and
   * lets the refresh token go. A connection made after `at`, or ended already, stays as it is.
   */
  disconnect(account_id: string, livemode: boolean, at: number): Promise<void>;
  /**
   * Begins to handle a webhook event in one atomic step. Of several requests at once one is told `"new"`, and
   * the event is its own for 60 seconds; the others, `"in_progress"`. After `finishEvent` all are told
   * `"done"`. `now` is Unix time in seconds. Events that began a week ago may be let go.
   */
  beginEvent(id: string, now: number): Promise<"new" | "in_progress" | "done">;
  /** The event was handled, and never begins again. */
  finishEvent(id: string): Promise<void>;
}
