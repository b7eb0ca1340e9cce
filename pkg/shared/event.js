// @ts-check
/**
 * The event that a body is, with the account that the core found in it: in events of old API versions it stands
 * under another name.
 *
 * @param {string} body
 * @param {string | undefined} account
 */
export function eventOf(body, account) {
  const event = JSON.parse(body);
  if (account !== undefined) event.account = account;
  return event;
}
