// Webhooks and sealed tokens against their types. Each `@ts-expect-error` is a mistake the types must catch.
import {
  type AccountUpdatedEvent,
  type DeauthorizedEvent,
  type SealOptions,
  type WebhookError,
  type WebhookEvent,
  openRefreshToken,
  sealRefreshToken,
  verifyWebhook,
  verifyWebhookSignature,
} from "stripe-connect-oauth/server";

declare const request: Request;
declare const headers: import("node:http").IncomingHttpHeaders;
declare function never(value: never): never;

async function received(): Promise<string | null | undefined> {
  const event: WebhookEvent = verifyWebhook(await request.text(), request.headers.get("stripe-signature"), "whsec_1");
  const always: [string, number, boolean, string] = [event.id, event.created, event.livemode, event.type];
  // @ts-expect-error the account may be absent
  const sure: string = event.account;
  switch (event.type) {
    case "account.application.deauthorized": {
      const deauthorized: DeauthorizedEvent = event;
      // @ts-expect-error the connected account is at the top
      const inside: string = event.data.object.account;
      return deauthorized.account ?? inside ?? sure;
    }
    case "account.application.authorized": {
      const application: string = event.data.object.id;
      return application;
    }
    case "account.updated": {
      const updated: AccountUpdatedEvent = event;
      const enabled: boolean | undefined = updated.data.object.charges_enabled;
      return enabled ? updated.account : String(updated.data.previous_attributes?.["charges_enabled"]);
    }
    case "application_fee.created":
    case "account.external_account.updated":
    case "v1.billing.meter.no_meter_found":
      return event.data.object.id;
    // @ts-expect-error a slip of the pen
    case "account.updates":
    default:
      return always[3];
  }
}

function hosts(bytes: ArrayBuffer, buffer: Buffer, view: DataView): WebhookEvent[] {
  return [
    verifyWebhook(bytes, headers["stripe-signature"], ["whsec_1", "whsec_2"]),
    verifyWebhook(buffer, undefined, "whsec_1", {}),
    verifyWebhook(buffer, bytes, "whsec_1"),
    verifyWebhook(view, null, "whsec_1", { now: 1, tolerance: 300 }),
  ];
}

async function mistakes() {
  // @ts-expect-error the body is parsed already
  verifyWebhook(await request.json() as object, "", "whsec_1");
  // @ts-expect-error nobody waited for the body
  verifyWebhook(request.text(), "", "whsec_1");
  // @ts-expect-error the secret is missing
  verifyWebhook("", "");
  // @ts-expect-error the secret may be absent
  verifyWebhook("", "", process.env["STRIPE_WEBHOOK_SECRET"]);
  // @ts-expect-error a number of seconds
  verifyWebhook("", "", "whsec_1", { now: new Date() });
  // @ts-expect-error an option there is not
  verifyWebhook("", "", "whsec_1", { receivedAt: 1 });
  // @ts-expect-error a text is no event
  verifyWebhookSignature("", "", "whsec_1").type;
}

function believed({ code, hint }: WebhookError): string {
  switch (code) {
    case "not_signed":
    case "malformed_signature":
    case "repeated_timestamp":
    case "no_usable_signature":
    case "signature_mismatch":
    case "too_old":
    case "in_the_future":
    case "body_too_long":
    case "not_an_event":
    case "thin_event":
      return hint;
    default:
      return never(code);
  }
}

const place: SealOptions = { account: "acct_1", livemode: false, secrets: ["a secret of 32 random characters"] };
const opened: string = openRefreshToken(sealRefreshToken("rt_1", place), place);
// @ts-expect-error the mode is part of it
sealRefreshToken("rt_1", { account: "acct_1", secrets: [] });
// @ts-expect-error a list, so that secrets can be rotated
openRefreshToken("", { ...place, secrets: "a secret of 32 random characters" });

export { believed, hosts, mistakes, opened, received };
