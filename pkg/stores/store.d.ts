/**
 * The platform's OAuth application in one mode. Every row belongs to one, so that several handlers share a store and
 * neither sees, ends or marks as done what is another's.
 */
export interface Application {
  /** The platform's `ca_…`. */
  client_id: string;
  livemode: boolean;
}

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
  /** The platform's `ca_…`, to which it was connected. */
  client_id: string;
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
 * the person is told what to do; nothing is sent to Stripe before a claim was made. No method sees or changes
 * another application's rows. Times are Unix time in seconds.
 */
export interface Store {
  /**
   * Rejects when it can't keep what it will be asked to, such as when its tables are missing, and says what to do.
   * Asked before the first person leaves for Stripe. A store of your own may do without.
   */
  check?(): Promise<void>;
  /**
   * Claims a flow and its code in one atomic step: `null` when the claim is now made, otherwise the record
   * in its way, by flow first, else by code. Claims older than a day may be let go.
   */
  claim(application: Application, claim: Claim): Promise<ClaimRecord | null>;
  /** The record of a flow, or `null`. */
  claimed(application: Application, flow: string): Promise<ClaimRecord | null>;
  /** How many claims the subject has made since `since`, that second included. */
  claimsSince(application: Application, subject: string, since: number): Promise<number>;
  /**
   * Ends a claim and keeps the connection it made, both or neither. A connection of the same subject and account
   * is replaced, and is live again if it had ended.
   */
  settle(application: Application, flow: string, outcome: string, connection: Connection | null): Promise<void>;
  /** The subject's live connections, the newest first. One that has ended is never among them. */
  connections(application: Application, subject: string): Promise<Connection[]>;
  /** The subject's connections that have ended, the last to end first. */
  disconnected(application: Application, subject: string): Promise<Connection[]>;
  /** The live connections of an account, whoever made them, the newest first: at Stripe they are one. */
  connectionsOf(application: Application, account_id: string): Promise<Connection[]>;
  /**
   * Ends the account's connection, whoever made it: sets `disconnected_at` to `at` and lets the refresh token go. A
   * connection made after `at`, or ended already, stays as it is.
   */
  disconnect(application: Application, account_id: string, at: number): Promise<void>;
  /** Ends one subject's connection of the account and no other's, as `disconnect` does otherwise. */
  forget(application: Application, subject: string, account_id: string, at: number): Promise<void>;
  /**
   * Deletes what is kept of the subject: the connections that have ended, and the claims made before `before`. A
   * live connection stays, for it has to end at Stripe first; younger claims are let go by their age.
   */
  erase(application: Application, subject: string, before: number): Promise<void>;
  /**
   * Begins to handle a webhook event in one atomic step. Of several requests at once one is told `"new"`, and
   * the event is its own for 60 seconds; the others, `"in_progress"`. After `finishEvent` all are told
   * `"done"`. Events that began a week ago may be let go.
   */
  beginEvent(application: Application, id: string, now: number): Promise<"new" | "in_progress" | "done">;
  /** The event was handled, and never begins again. */
  finishEvent(application: Application, id: string): Promise<void>;
  /** The event was not handled, and may begin again at once. One that was finished stays so. */
  releaseEvent(application: Application, id: string): Promise<void>;
}
