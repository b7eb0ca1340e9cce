// @ts-check
// How values cross to the Rust core and back: as one text, not one crossing a field (src/js/packed.rs).

/** A NUL stays a control character, so the core refuses it like one. */
export const clean = (/** @type {string} */ text) => text.replaceAll("\0", "\x01");

/** Whether nothing but an `Object.prototype` stands behind it, of whatever realm: hosts have more than one. */
const isPlain = (/** @type {object} */ value) =>
  !Object.getPrototypeOf(Object.getPrototypeOf(value) ?? Object.prototype);

/** A value as type and text, if it has one. A `Map` or the like, which hides its fields, is no object. */
function typed(/** @type {any} */ value) {
  const type = value === null ? "null" : typeof value;
  if (type === "string" || type === "boolean" || type === "number") return `${type}\0${clean(`${value}`)}`;
  if (type !== "object") return `${type}\0`;
  if (Array.isArray(value)) return "list\0";
  return isPlain(value) || Object.keys(value).length ? "object\0" : "instance\0";
}

/**
 * An options object as name, type and value of each field. What is inside objects and lists follows them,
 * one level deep, as `name[inner]`.
 *
 * @param {unknown} object
 * @param {string} [outer]
 * @returns {string}
 */
export function pack(object, outer) {
  if (object === undefined) return "";
  if (typeof object !== "object" || object === null) return `\0${typed(object)}\0`;
  let packed = "";
  // Spread, a list has no holes and nothing besides its items.
  for (const [name, value] of Object.entries(Array.isArray(object) ? [...object] : object)) {
    if (value === undefined && !Array.isArray(object)) continue;
    const full = outer ? `${outer}[${clean(name)}]` : clean(name);
    packed += `${full}\0${typed(value)}\0`;
    if (!outer && typeof value === "object" && value !== null) packed += pack(value, full);
  }
  return packed;
}

/**
 * The values that the core answers with: each has a NUL before it, while an error begins with its code.
 *
 * @param {string} text
 */
export function valuesOf(text) {
  const [code, ...values] = text.split("\0");
  if (code) throw connectError(code, values[0], values[1]);
  return values;
}

/**
 * @param {string} code
 * @param {string} param
 * @param {string} message
 */
export const connectError = (code, param, message) =>
  Object.assign(new Error(message), { name: "ConnectError", code, param });

/**
 * What `call` gives. The text of an error, which the core throws where it can't answer with it, is thrown as a real one.
 *
 * @template T
 * @param {() => T} call
 */
export function orRefusal(call) {
  try {
    return call();
  } catch (refusal) {
    if (typeof refusal === "string") valuesOf(refusal);
    throw refusal;
  }
}

/** `new Core(options)`. */
export const construct = (/** @type {any} */ Core, /** @type {string} */ options) => orRefusal(() => new Core(options));
