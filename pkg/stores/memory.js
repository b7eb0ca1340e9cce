// @ts-check
// Claims, connections and events in this process's memory: for tests, and for one long-lived process.
import { CLAIM_KEPT, EVENT_KEPT, EVENT_LEASE } from "./times.js";

/** @type {typeof import("./memory.d.ts").memoryStore} */
export function memoryStore() {
  /** @type {Map<string, import("./store.d.ts").ClaimRecord>} */
  const claims = new Map();
  /** @type {Map<string, import("./store.d.ts").Connection>} */
  const connections = new Map();
  /** @type {Map<string, { begun_at: number, done: boolean }>} */
  const events = new Map();

  const ofSubject = (/** @type {string} */ subject, /** @type {boolean} */ live) =>
    [...connections.values()]
      .filter((connection) => connection.subject === subject && (connection.disconnected_at === null) === live)
      .sort((a, b) => Number(b.disconnected_at) - Number(a.disconnected_at) || b.connected_at - a.connected_at || (a.account_id < b.account_id ? -1 : 1))
      .map((connection) => ({ ...connection }));

  // No await stands between looking and writing, so each call is one atomic step.
  return {
    async claim(claim) {
      for (const { flow, claimed_at } of claims.values()) if (claimed_at < claim.claimed_at - CLAIM_KEPT) claims.delete(flow);
      const before = claims.get(claim.flow) ?? [...claims.values()].find(({ code }) => code === claim.code);
      if (before) return { ...before };
      claims.set(claim.flow, { ...claim, outcome: null });
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
        connections.set(JSON.stringify([subject, account_id, livemode]), { ...connection, disconnected_at: null });
      }
    },

    connections: async (subject) => ofSubject(subject, true),
    disconnected: async (subject) => ofSubject(subject, false),

    async disconnect(account_id, livemode, at) {
      for (const kept of connections.values()) {
        const isLiveSince = kept.disconnected_at === null && kept.connected_at <= at;
        if (isLiveSince && kept.account_id === account_id && kept.livemode === livemode) {
          kept.disconnected_at = at;
          kept.refresh_token = null;
        }
      }
    },

    async beginEvent(id, now) {
      for (const [kept, { begun_at }] of events) if (begun_at < now - EVENT_KEPT) events.delete(kept);
      const event = events.get(id);
      if (event?.done) return "done";
      if (event && now < event.begun_at + EVENT_LEASE) return "in_progress";
      events.set(id, { begun_at: now, done: false });
      return "new";
    },

    async finishEvent(id) {
      const event = events.get(id);
      if (event) event.done = true;
    },
  };
}
