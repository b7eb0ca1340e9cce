// The sandbox against its types. Each `@ts-expect-error` is a mistake the types must catch.
import { type Sandbox, createSandbox } from "stripe-connect-oauth/sandbox";

const sandbox: Sandbox = createSandbox();
createSandbox({ name: "Acme", redirect_uris: ["http://localhost/cb"], livemode: true, secret_keys: ["sk_live_1"], now: () => 0, random: (bytes) => bytes.fill(1) });
const answer: Promise<Response> = sandbox.fetch(new Request("http://localhost/"));
createSandbox({
  live_client_id: "ca_live",
  flows: ["app"],
  seed: "a",
  other_platforms: [{ client_id: "ca_other", secret_keys: ["sk_test_other"] }],
  accounts: [{ id: "acct_1", state: "in_review" }],
  faults: [{ fault: "reset_after", share: 0.1 }, { fault: "accounts_v1_closed" }],
  webhook: { url: "http://localhost/hook", secret: "whsec_sandbox123", paused: true, before_answer: true, api_version: "2017-02-14" },
  api_version: "2018-11-08",
  fetch: globalThis.fetch,
});
const revoked: boolean[] = sandbox.control("ledger").map((connection) => connection.revoked);
const clock: number = sandbox.control("clock", { advance: 60 }).now;
const platforms: string[] = sandbox.control("platforms").map(({ client_id, api_version }) => client_id + api_version);
sandbox.control("platforms", { client_id: "ca_other", secret_key: "sk_test_other", redirect_uri: "https://other.example/cb" });
// @ts-expect-error another platform has a key of its own
sandbox.control("platforms", { client_id: "ca_other", redirect_uri: "https://other.example/cb" });
sandbox.control("reset");
// @ts-expect-error a control there is not
sandbox.control("everything");
// @ts-expect-error a field this control has not
sandbox.control("clock", { fault: "500" });
// @ts-expect-error a fault there is not
sandbox.control("faults", { fault: "503" });
const delivered: Promise<{ event: string; status: number | null }[]> = sandbox.flush();
// @ts-expect-error the registration is read only
sandbox.platform.name = "x";
// @ts-expect-error an option there is not
createSandbox({ clientId: "ca_123" });
// @ts-expect-error another platform has an id and a key of its own
createSandbox({ other_platforms: [{ client_id: "ca_other" }] });

export { answer, clock, delivered, platforms, revoked };
