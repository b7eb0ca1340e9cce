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

/** A connected account. No secret is in it. */
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
  /** Ends a claim and keeps the connection it made, both or neither. */
  settle(flow: string, outcome: string, connection: Connection | null): Promise<void>;
  /** The subject's connections, the newest first. */
  connections(subject: string): Promise<Connection[]>;
}
