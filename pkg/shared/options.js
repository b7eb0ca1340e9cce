// @ts-check
// What JavaScript carries for the core: functions and objects that can't cross as text, looked at before use.
import { connectError } from "./packed.js";

/**
 * An options object without what is carried, and what is carried, by name.
 *
 * @param {any} options
 * @param {string[]} functions the carried options that must be functions
 * @param {string[]} [others] the carried options of other kinds, which the caller looks at
 * @returns {[rest: Record<string, unknown>, carried: Record<string, any>]}
 */
export function takeApart(options, functions, others = []) {
  if (typeof options !== "object" || options === null) {
    throw connectError("invalid_type", "options", "options has the wrong type");
  }
  const rest = { ...options };
  /** @type {Record<string, any>} */
  const carried = {};
  for (const name of [...functions, ...others]) {
    carried[name] = rest[name];
    delete rest[name];
  }
  for (const name of functions) {
    if (carried[name] !== undefined && typeof carried[name] !== "function") {
      throw connectError("invalid_type", name, `${name} must be a function`);
    }
  }
  return [rest, carried];
}
