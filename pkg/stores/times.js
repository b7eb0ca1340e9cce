// @ts-check
// How long stores keep things, in seconds, and how many they let go at once.

/** A claim: far longer than its code or its flow could live. */
export const CLAIM_KEPT = 24 * 60 * 60;

/** An event: Stripe sends one again for three days. */
export const EVENT_KEPT = 7 * 24 * 60 * 60;

/** How long whoever began an event has to finish it, before another may begin it again. */
export const EVENT_LEASE = 60;

/** Rows that a store lets go for each one that comes: more than come, and so few that nobody waits for them. */
export const LET_GO = 100;
