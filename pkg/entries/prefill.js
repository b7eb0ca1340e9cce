// @ts-check
// The cleaning of what people typed. The core knows the rules; a value that it leaves as it was stays of its type.
import { pack, valuesOf } from "../shared/packed.js";

/** The field of a parameter: `email` of `stripe_user[email]`. */
const fieldOf = (/** @type {string} */ param) => param.slice("stripe_user[".length, -1);

/** @param {() => { cleanPrefill(stripe_user: string, options: string): string }} core */
export const prefill = (core) => ({
  /** @type {typeof import("./prefill.d.ts").cleanPrefill} */
  cleanPrefill(stripe_user, options) {
    const given = /** @type {any} */ ({ ...stripe_user });
    const values = valuesOf(core().cleanPrefill(pack({ stripe_user }), pack(options)));
    /** @type {any} */
    const kept = {};
    const dropped = [];
    for (let at = 0; at < values.length; at += 2) {
      const [field, value] = [fieldOf(values[at]), values[at + 1]];
      if (!value) dropped.push(field);
      else kept[field] = String(given[field]) === value ? given[field] : value;
    }
    return { stripe_user: kept, dropped };
  },
});
