// @ts-check
// Claims and connections in this process's memory: for tests, and for one long-lived process.

/** @type {typeof import("./memory.d.ts").memoryStore} */
export function memoryStore() {
  /** @type {Map<string, import("./store.d.ts").ClaimRecord>} */
  const claims = new Map();
  /** @type {Map<string, import("./store.d.ts").Connection>} */
  const connections = new Map();

  // No await stands between looking and writing, so each call is one atomic step.
  return {
    async claim(claim) {
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
      return own.sort((a, b) => b.connected_at - a.connected_at);
    },
  };
}
