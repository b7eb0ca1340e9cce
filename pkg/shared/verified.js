// @ts-check
import { connectError } from "./packed.js";

// Only a callback that was parsed here, with its state, can be exchanged: a look-alike object can't.
// The code is kept here, so that one written into the object afterwards is not sent.
/** @type {WeakMap<object, string>} */
const verified = new WeakMap();

/**
 * Only an authorized callback has a code.
 *
 * @template {{ code?: string }} C
 * @param {C} callback
 * @returns {C}
 */
export function remember(callback) {
  if (callback.code) verified.set(callback, callback.code);
  return callback;
}

/**
 * The code of a verified callback, once.
 *
 * @param {any} callback
 * @returns {string}
 */
export function spend(callback) {
  const code = verified.get(callback);
  if (!code) {
    throw connectError(
      "unverified_callback",
      "callback",
      "callback is not an authorized result of parseCallback, or its code was spent already: a code is exchanged once",
    );
  }
  verified.delete(callback);
  return code;
}
