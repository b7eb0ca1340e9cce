// @ts-check
import { connectError } from "./packed.js";

// Only a callback that was parsed here, with its state, can be exchanged: a look-alike object can't.
const verified = new WeakSet();

/**
 * @template {{ outcome: string }} C
 * @param {C} callback
 * @returns {C}
 */
export function remember(callback) {
  if (callback.outcome === "authorized") verified.add(callback);
  return callback;
}

/**
 * The code of a verified callback, once.
 *
 * @param {any} callback
 * @returns {string}
 */
export function spend(callback) {
  if (!verified.delete(callback)) {
    throw connectError(
      "unverified_callback",
      "callback",
      "callback is not an authorized result of parseCallback, or its code was spent already: a code is exchanged once",
    );
  }
  return callback.code;
}
