// @ts-check
// Claims, connections and events in this process's memory: for tests, and for one long-lived process. Each question
// is one look-up, however much is kept.
import { CLAIM_KEPT, EVENT_KEPT, EVENT_LEASE, LET_GO } from "./times.js";

/**
 * Lets go of some of what is older than `limit`. A `Map` gives what was put in first first, so it ends at the first that
 * stays: a clock that was set back keeps a few a little longer.
 *
 * @template V
 * @param {Map<string, V>} kept
 * @param {(value: V) => number} timeOf
 * @param {number} limit
 * @param {(value: V) => void} [letGo]
 */
function prune(kept, timeOf, limit, letGo) {
  let left = LET_GO;
  for (const [key, value] of kept) {
    if (timeOf(value) >= limit || left-- === 0) return;
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

/** What is kept for one application. */
function tables() {
  return {
    /** @type {Map<string, import("./store.d.ts").ClaimRecord>} */
    claims: new Map(),
    /** The same records by their codes. @type {Map<string, import("./store.d.ts").ClaimRecord>} */
    byCode: new Map(),
    /** The same by their subjects, then by flow. @type {Map<string, Map<string, import("./store.d.ts").ClaimRecord>>} */
    claimsOf: new Map(),
    /** Connections by subject, then by account. @type {Map<string, Map<string, import("./store.d.ts").Connection>>} */
    bySubject: new Map(),
    /** The same by account, then by subject. @type {Map<string, Map<string, import("./store.d.ts").Connection>>} */
    byAccount: new Map(),
    /** @type {Map<string, { begun_at: number, done: boolean }>} */
    events: new Map(),
  };
}

/** Takes a value out of a map inside `maps`, and the map when it is empty. */
function takeOut(/** @type {Map<string, Map<string, any>>} */ maps, /** @type {string} */ key, /** @type {string} */ inside) {
  const map = maps.get(key);
  map?.delete(inside);
  if (map?.size === 0) maps.delete(key);
}

/** Less, the same or more. */
const order = (/** @type {string} */ a, /** @type {string} */ b) => (a < b ? -1 : Number(a > b));

/** Copies, the last to end first, else the newest. */
const sorted = (/** @type {Iterable<import("./store.d.ts").Connection>} */ kept) =>
  [...kept]
    .sort((a, b) =>
      Number(b.disconnected_at) - Number(a.disconnected_at) ||
      b.connected_at - a.connected_at ||
      order(a.account_id, b.account_id) ||
      order(a.subject, b.subject))
    .map((connection) => ({ ...connection }));

/** Ends a connection that was live at `at`. */
function end(/** @type {import("./store.d.ts").Connection | undefined} */ kept, /** @type {number} */ at) {
  if (kept?.disconnected_at !== null || kept.connected_at > at) return;
  kept.disconnected_at = at;
  kept.refresh_token = null;
}

/** @type {typeof import("./memory.d.ts").memoryStore} */
export function memoryStore() {
  /** @type {Map<string, ReturnType<typeof tables>>} */
  const applications = new Map();

  const of = (/** @type {import("./store.d.ts").Application} */ { client_id, livemode }) => {
    const key = `${client_id} ${livemode}`;
    const found = applications.get(key) ?? tables();
    applications.set(key, found);
    return found;
  };

  const letClaimGo = (/** @type {ReturnType<typeof tables>} */ { claims, byCode, claimsOf }, /** @type {any} */ { flow, code, subject }) => {
    claims.delete(flow);
    byCode.delete(code);
    takeOut(claimsOf, subject, flow);
  };

  const ofSubject = (/** @type {ReturnType<typeof tables>} */ { bySubject }, /** @type {string} */ subject, /** @type {boolean} */ live) =>
    sorted([...(bySubject.get(subject)?.values() ?? [])].filter((kept) => (kept.disconnected_at === null) === live));

  // No await stands between looking and writing, so each call is one atomic step.
  return {
    async check() {},

    async claim(application, claim) {
      const kept = of(application);
      const { claims, byCode, claimsOf } = kept;
      const limit = claim.claimed_at - CLAIM_KEPT;
      prune(claims, ({ claimed_at }) => claimed_at, limit, (record) => letClaimGo(kept, record));
      for (const before of [claims.get(claim.flow), byCode.get(claim.code)]) {
        if (before && before.claimed_at >= limit) return { ...before };
        if (before) letClaimGo(kept, before);
      }
      const record = { ...claim, outcome: null };
      claims.set(claim.flow, record);
      byCode.set(claim.code, record);
      inner(claimsOf, claim.subject).set(claim.flow, record);
      return null;
    },

    async claimed(application, flow) {
      const record = of(application).claims.get(flow);
      return record ? { ...record } : null;
    },

    async claimsSince(application, subject, since) {
      const made = of(application).claimsOf.get(subject)?.values() ?? [];
      return [...made].filter(({ claimed_at }) => claimed_at >= since).length;
    },

    async settle(application, flow, outcome, connection) {
      const { claims, bySubject, byAccount } = of(application);
      const record = claims.get(flow);
      if (record) record.outcome = outcome;
      if (connection) {
        const { subject, account_id } = connection;
        const kept = { ...connection, disconnected_at: null };
        inner(bySubject, subject).set(account_id, kept);
        inner(byAccount, account_id).set(subject, kept);
      }
    },

    connections: async (application, subject) => ofSubject(of(application), subject, true),
    disconnected: async (application, subject) => ofSubject(of(application), subject, false),

    async connectionsOf(application, account_id) {
      const kept = [...(of(application).byAccount.get(account_id)?.values() ?? [])];
      return sorted(kept.filter(({ disconnected_at }) => disconnected_at === null));
    },

    async disconnect(application, account_id, at) {
      for (const kept of of(application).byAccount.get(account_id)?.values() ?? []) end(kept, at);
    },

    async forget(application, subject, account_id, at) {
      end(of(application).bySubject.get(subject)?.get(account_id), at);
    },

    async erase(application, subject, before) {
      const kept = of(application);
      for (const record of [...(kept.claimsOf.get(subject)?.values() ?? [])]) {
        if (record.claimed_at < before) letClaimGo(kept, record);
      }
      for (const { account_id } of ofSubject(kept, subject, false)) {
        takeOut(kept.bySubject, subject, account_id);
        takeOut(kept.byAccount, account_id, subject);
      }
    },

    async beginEvent(application, id, now) {
      const { events } = of(application);
      const limit = now - EVENT_KEPT;
      prune(events, ({ begun_at }) => begun_at, limit);
      const event = events.get(id);
      const stands = event && event.begun_at >= limit;
      if (stands && event.done) return "done";
      if (stands && now < event.begun_at + EVENT_LEASE) return "in_progress";
      // Taken out first, so that it stands among those of its new time.
      events.delete(id);
      events.set(id, { begun_at: now, done: false });
      return "new";
    },

    async finishEvent(application, id) {
      const event = of(application).events.get(id);
      if (event) event.done = true;
    },

    async releaseEvent(application, id) {
      const { events } = of(application);
      if (!events.get(id)?.done) events.delete(id);
    },
  };
}
