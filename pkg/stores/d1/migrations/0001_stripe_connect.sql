-- Who claimed which flow, and how it ended. One row for each flow and one for each code, ever: the two
-- keys are what let a code be sent to Stripe at most once. Digests only: no state and no code is here.
CREATE TABLE stripe_connect_claims (
  flow       TEXT PRIMARY KEY,
  code       TEXT NOT NULL UNIQUE,
  subject    TEXT NOT NULL,
  claimed_at INTEGER NOT NULL,
  outcome    TEXT
) STRICT;

-- Claims are let go after a day: a code lives for five minutes, a flow for an hour.
CREATE INDEX stripe_connect_claims_by_age ON stripe_connect_claims (claimed_at);

-- The connected accounts. No token is here: calls use the platform's own key and Stripe-Account.
CREATE TABLE stripe_connect_connections (
  subject      TEXT NOT NULL,
  account_id   TEXT NOT NULL,
  livemode     INTEGER NOT NULL,
  scope        TEXT NOT NULL,
  connected_at INTEGER NOT NULL,
  PRIMARY KEY (subject, account_id, livemode)
) STRICT;
