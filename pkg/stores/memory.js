// @ts-check
// Claims, connections and events in this process's memory: for tests, and for one long-lived process. Each question
// is one look-up, however much is kept.
import { CLAIM_KEPT, EVENT_KEPT, EVENT_LEASE } from "./times.js";

/**
 * Lets go of what is older than `limit`. A `Map` gives what was put in first first, so it ends at the first that
 * stays: a clock that was set back keeps a few a little longer.
 *
 * @template V
 * @param {Map<string, V>} kept
 * @param {(value: V) => number} timeOf
 * @param {number} limit
 * @param {(value: V) => void} [letGo]
 */
function prune(kept, timeOf, limit, letGo) {
  for (const [key, value] of kept) {
    if (timeOf(value) >= limit) return;
    kept.delete(key);
    letGo?.(value);
  }
}

/** The map inside `maps` by this key, made when it is not there. */
function inner(/** @type {Map<string, Map<string, any>>} */ maps, /** @type {string} */ key) {
  const found = maps.get(key) ?? new Map();
  maps.set(key, found);
  return found;
}

/** @type {typeof import("./memory.d.ts").memoryStore} */
export function memoryStore() {
  /** @type {Map<string, import("./store.d.ts").ClaimRecord>} */
  const claims = new Map();
  /** The same records by their codes. @type {typeof claims} */
  const byCode = new Map();
  /** Connections by subject, then by account and mode. @type {Map<string, Map<string, import("./store.d.ts").Connection>>} */
  const bySubject = new Map();
  /** The same by account and mode, then by subject. @type {typeof bySubject} */
  const byAccount = new Map();
  /** @type {Map<string, { begun_at: number, done: boolean }>} */
  const events = new Map();

  const accountKey = (/** @type {string} */ account_id, /** @type {boolean} */ livemode) => `${account_id} ${livemode}`;

  const ofSubject = (/** @type {string} */ subject, /** @type {boolean} */ live) =>
    [...(bySubject.get(subject)?.values() ?? [])]
      .filter((connection) => (connection.disconnected_at === null) === live)
      .sort((a, b) => Number(b.disconnected_at) - Number(a.disconnected_at) || b.connected_at - a.connected_at || (a.account_id < b.account_id ? -1 : 1))
      .map((connection) => ({ ...connection }));

  // No await stands between looking and writing, so each call is one atomic step.
  return {
    async claim(claim) {
      prune(claims, ({ claimed_at }) => claimed_at, claim.claimed_at - CLAIM_KEPT, ({ code }) => byCode.delete(code));
      const before = claims.get(claim.flow) ?? byCode.get(claim.code);
      if (before) return { ...before };
      const record = { ...claim, outcome: null };
      claims.set(claim.flow, record);
      byCode.set(claim.code, record);
      return null;
    },

    async claimed(flow) {
      const record = claims.get(flow);
      return record ? { ...record } : null;
    },

    async settle(flow, outcome, connection) {
      const record = claims.get(flow);
      if (record) record.outcome = outcome;
      if (connection) {
        const { subject, account_id, livemode } = connection;
        const [account, kept] = [accountKey(account_id, livemode), { ...connection, disconnected_at: null }];
        inner(bySubject, subject).set(account, kept);
        inner(byAccount, account).set(subject, kept);
      }
    },

    connections: async (subject) => ofSubject(subject, true),
    disconnected: async (subject) => ofSubject(subject, false),

    async disconnect(account_id, livemode, at) {
      for (const kept of byAccount.get(accountKey(account_id, livemode))?.values() ?? []) {
        if (kept.disconnected_at === null && kept.connected_at <= at) {
          kept.disconnected_at = at;
          kept.refresh_token = null;
        }
      }
    },

    async beginEvent(id, now) {
      prune(events, ({ begun_at }) => begun_at, now - EVENT_KEPT);
      const event = events.get(id);
      if (event?.done) return "done";
      if (event && now < event.begun_at + EVENT_LEASE) return "in_progress";
      // Taken out first, so that it stands among those of its new time.
      events.delete(id);
      events.set(id, { begun_at: now, done: false });
      return "new";
    },

    async finishEvent(id) {
      const event = events.get(id);
      if (event) event.done = true;
    },
  };
}
