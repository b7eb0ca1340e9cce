// In a document: what a page does.
import { beginConnect, connectButton, finishConnect } from "stripe-connect-oauth";
import { completeConnect } from "stripe-connect-oauth/complete";

/** Begins a flow; gives its state. */
function begin() {
  const { url } = beginConnect({ client_id: "ca_123", redirect_uri: "http://localhost:3000/" }, { subject: "ada" });
  return new URL(url).searchParams.get("state");
}

test("the button is a form in the document", () => {
  document.body.innerHTML = connectButton({ action: "/connect/start" });
  expect(document.querySelector("form").method).toBe("post");
  expect(document.querySelector("form button").textContent.trim()).toBe("Connect with Stripe");
});

test("a flow that was begun is finished, and no other", () => {
  expect(finishConnect(`?code=ac_1&state=${begin()}`, { subject: "ada" }).outcome).toBe("authorized");
  expect(finishConnect(`?code=ac_1&state=${"A".repeat(43)}`, { subject: "ada" }).outcome).toBe("rejected");
});

test("the page has the worker exchange the code, and its address is clean", async () => {
  history.replaceState(null, "", `/?code=ac_2&state=${begin()}`);
  const reply = { outcome: "connected", connection: { account_id: "acct_1" } };
  const fetch = async () => ({ ok: true, status: 200, json: async () => reply });
  expect(await completeConnect({ subject: "ada", fetch })).toEqual(reply);
  expect(location.search).toBe("");
});
