// @ts-check
// Claims and connections in this process's memory: for tests, and for one long-lived process.

/** How long a claim is kept, in seconds: far longer than its code or its flow could live. */
const DAY = 24 * 60 * 60;

/** @type {typeof import("./memory.d.ts").memoryStore} */
export function memoryStore() {
  /** @type {Map<string, import("./store.d.ts").ClaimRecord>} */
  const claims = new Map();
  /** @type {Map<string, import("./store.d.ts").Connection>} */
  const connections = new Map();

  // No await stands between looking and writing, so each call is one atomic step.
  return {
    async claim(claim) {
      for (const { flow, claimed_at } of claims.values()) if (claimed_at < claim.claimed_at - DAY) claims.delete(flow);
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
        connections.set(JSON.stringify([subject, account_id, livemode]), { ...connection });
      }
    },

    async connections(subject) {
      const own = [...connections.values()].filter((connection) => connection.subject === subject);
      const newestFirst = own.sort((a, b) => b.connected_at - a.connected_at || (a.account_id < b.account_id ? -1 : 1));
      return newestFirst.map((connection) => ({ ...connection }));
    },
  };
}
