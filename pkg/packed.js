// @ts-check
// How values cross to the Rust core and back: as one text, not one crossing a field (src/js/packed.rs).

/** A NUL in a value stays a control character, so the core refuses it like one. */
const clean = (/** @type {unknown} */ value) => String(value).replaceAll("\0", "\x01");

/**
 * An options object as name, type and value of each field. Objects and lists are written one level deep,
 * as `name[inner]`.
 *
 * @param {unknown} object
 * @param {string} [outer]
 * @returns {string}
 */
export function pack(object, outer) {
  if (object === undefined) return "";
  if (typeof object !== "object" || object === null) return `\0${typeof object}\0\0`;
  let packed = "";
  for (const [name, value] of Object.entries(object)) {
    const full = outer ? `${outer}[${clean(name)}]` : clean(name);
    if (value === undefined) continue;
    if (typeof value === "object" && value !== null && !outer) packed += pack(value, full);
    else packed += `${full}\0${typeof value}\0${clean(value)}\0`;
  }
  return packed;
}

/**
 * The core's answer, or its error thrown as a real one.
 *
 * @param {string} text
 * @returns {string}
 */
export function unpack(text) {
  if (text[0] !== "!") return text;
  const [code, param, message] = text.slice(1).split("\0");
  throw connectError(code, param, message);
}

/**
 * @param {string} code
 * @param {string} param
 * @param {string} message
 */
export const connectError = (code, param, message) =>
  Object.assign(new Error(message), { name: "ConnectError", code, param });

/**
 * Throws what the core threw: a `ConnectError` comes as text.
 *
 * @param {unknown} thrown
 * @returns {never}
 */
export function rethrow(thrown) {
  if (typeof thrown === "string") unpack(thrown);
  throw thrown;
}

/** `new Core(options)`, its refusal thrown as a `ConnectError`. */
export function made(/** @type {any} */ Core, /** @type {string} */ options) {
  try {
    return new Core(options);
  } catch (refusal) {
    return rethrow(refusal);
  }
}
