"""stripe-python: all that a platform does with it, and each refusal as the SDK's own type."""

import json
import os
import queue
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import stripe
from stripe import StripeClient, oauth_error

env = os.environ
STRIPE = env["STRIPE"]
CLIENT_ID = env["CLIENT_ID"]
ADDRESS = {"api": STRIPE, "connect": STRIPE, "files": STRIPE, "meter_events": STRIPE}


def did(what):
    print(what, flush=True)


def sdk(key, retries=0):
    return StripeClient(key, base_addresses=ADDRESS, client_id=CLIENT_ID, max_network_retries=retries)


def decide(url):
    """The person connects an account (person.mjs)."""
    back = subprocess.run(["node", env["PERSON"], url], check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: values[0] for name, values in parse_qs(urlsplit(back.strip()).query).items()}


did(f"stripe {stripe.VERSION}")
client = sdk(env["SECRET_KEY"])


def faults(**settings):
    """What goes wrong from now on."""
    urlopen(STRIPE + "/_sandbox/faults", json.dumps(settings).encode())


def authorize(params, options=None):
    """The person connects an account; the code comes back."""
    asked = {"redirect_uri": env["REDIRECT_URI"], "state": "a-state", **params}
    back = decide(client.oauth.authorize_url(asked, options))
    assert back["state"] == "a-state", back
    return back["code"]


def exchange(code, client=client):
    return client.oauth.token({"grant_type": "authorization_code", "code": code})


token = exchange(authorize({"scope": "read_write", "stripe_user": {"email": "ada@example.com", "country": "NO"}}))
account_id = token["stripe_user_id"]
assert account_id.startswith("acct_")
assert token["scope"] == "read_write"
assert token["livemode"] is False
assert token["access_token"].startswith("sk_test_")
did("authorize")
did("token")

express = exchange(authorize({"suggested_capabilities": ["transfers"]}, {"express": True}))
assert express["scope"] == "express"
did("express")


def refresh(**scope):
    return client.oauth.token({"grant_type": "refresh_token", "refresh_token": token["refresh_token"], **scope})


refreshed = refresh()
assert refreshed["stripe_user_id"] == account_id
assert refreshed["scope"] == "read_write"
assert refresh(scope="read_only")["scope"] == "read_only"
did("refresh")

account = client.v1.accounts.retrieve(account_id)
assert isinstance(account, stripe.Account)
assert account.id == account_id
assert account.email == "ada@example.com"
assert isinstance(account.charges_enabled, bool)
assert isinstance(account.requirements.currently_due, list)
own = client.v1.accounts.retrieve_current(options={"stripe_account": account_id})
assert own.id == account_id
assert sdk(refreshed["access_token"]).v1.accounts.retrieve_current().id == account_id
did("account")

deferred = {"type": "standard", "country": "US", "email": "grace@example.com"}
once_only = {"idempotency_key": "a-key-of-ours"}
created = client.v1.accounts.create(deferred, once_only)
assert created.id.startswith("acct_")
assert created.details_submitted is False
replayed = client.v1.accounts.create(deferred, once_only)
assert replayed.id == created.id
assert replayed.last_response.headers["Idempotent-Replayed"] == "true"
did("account creation")

link = client.v1.account_links.create(
    {
        "account": created.id,
        "refresh_url": env["REDIRECT_URI"] + "/again",
        "return_url": env["REDIRECT_URI"],
        "type": "account_onboarding",
    }
)
assert isinstance(link, stripe.AccountLink)
assert urlopen(link.url).status == 200
did("account link")

retrying = sdk(env["SECRET_KEY"], retries=2)
faults(fault="reset_after", path="/v1/accounts", times=1)
retried = retrying.v1.accounts.create(deferred)
assert retried.last_response.headers["Idempotent-Replayed"] == "true"
# The SDK sends a code again as well, and Stripe does not take that for the same request.
code = authorize({"scope": "read_write"})
faults(fault="reset_after", path="/oauth/token", times=1)
try:
    exchange(code, retrying)
    raise AssertionError("a code was spent twice")
except oauth_error.InvalidGrantError as error:
    assert "already been used" in str(error), error
did("retry")


class Webhooks(BaseHTTPRequestHandler):
    taken = queue.Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.put((body, self.headers["Stripe-Signature"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", int(env["PORT"])), Webhooks)
threading.Thread(target=server.serve_forever, daemon=True).start()

answer = client.oauth.deauthorize({"client_id": CLIENT_ID, "stripe_user_id": account_id})
assert answer.to_dict() == {"stripe_user_id": account_id}, answer
did("deauthorize")

secret = env["WEBHOOK_SECRET"]
while True:
    body, signature = Webhooks.taken.get(timeout=30)
    event = client.construct_event(body, signature, secret)
    if event.type == "account.application.deauthorized" and event.account == account_id:
        break
assert event.data.object.id == CLIENT_ID
for forged in [(body, signature, "whsec_another"), (body + b" ", signature, secret)]:
    try:
        client.construct_event(*forged)
        raise AssertionError("a forged event was taken")
    except stripe.SignatureVerificationError:
        pass
did("webhook")

CALLS = {
    "token": lambda client, params, _: client.oauth.token(params),
    "deauthorize": lambda client, params, _: client.oauth.deauthorize(params),
    "account": lambda client, params, _: client.v1.accounts.retrieve(params["id"]),
    "create": lambda client, params, options: client.v1.accounts.create(params, options),
    "link": lambda client, params, _: client.v1.account_links.create(params),
}

# The refusals (refusals.mjs), each with the type that it has to have here.
refusals = json.loads(env["REFUSALS"])
assert refusals
for refusal in refusals:
    name = refusal["name"]
    options = {"idempotency_key": refusal["idempotency_key"]} if "idempotency_key" in refusal else None
    if "fault" in refusal:
        faults(fault=refusal["fault"])
    try:
        CALLS[refusal["call"]](sdk(refusal.get("key", env["SECRET_KEY"])), refusal["params"], options)
        raise AssertionError(f"{name}: it was not refused")
    except stripe.StripeError as error:
        module, _, kind = refusal["python"].rpartition(".")
        expected = getattr(oauth_error if module else stripe, kind)
        assert type(error) is expected, f"{name}: {type(error)} {error}"
        assert error.http_status == refusal.get("status"), f"{name}: {error.http_status}"
        # Of an answer that is no JSON the SDK forgets the id; without an answer there is none.
        if "status" in refusal and "unreadable" not in refusal:
            assert re.match("req_", error.request_id or ""), name
        assert re.search(refusal["message"], str(error)), f"{name}: {error}"
    finally:
        faults(clear=True)
did("refusals")
