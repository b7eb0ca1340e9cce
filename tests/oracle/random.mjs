// Randomness with a seed: the same inputs on every run.

/**
 * mulberry32.
 *
 * @param {number} seed
 */
export function seeded(seed) {
  /** A number of at least 0 and below 1. */
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  /** A whole number from `low` to `high`, both included. */
  const between = (low, high) => low + Math.floor(next() * (high - low + 1));
  /** One of `choices`: a list, or the characters of a text. */
  const pick = (choices) => {
    const all = typeof choices === "string" ? [...choices] : choices;
    return all[between(0, all.length - 1)];
  };
  /** `length` characters of `alphabet`. */
  const text = (alphabet, length) => Array.from({ length }, () => pick(alphabet)).join("");
  /** Whether, `chance` of the times. */
  const maybe = (chance = 0.5) => next() < chance;
  return { next, between, pick, text, maybe };
}
