-- Who claimed which flow, and how it ended. One row for each flow and one for each code, ever: the two
-- keys are what let a code be sent to Stripe at most once. Digests only: no state and no code is here.
CREATE TABLE stripe_connect_claims (
  flow       TEXT PRIMARY KEY,
  code       TEXT NOT NULL UNIQUE,
  subject    TEXT NOT NULL,
  claimed_at BIGINT NOT NULL,
  outcome    TEXT
);

-- Claims are let go after a day: a code lives for five minutes, a flow for an hour.
CREATE INDEX stripe_connect_claims_by_age ON stripe_connect_claims (claimed_at);

-- The connected accounts. `disconnected_at` is when one ended; NULL while it is live. `refresh_token` is
-- sealed under the platform's own secret; NULL unless the platform keeps them.
CREATE TABLE stripe_connect_connections (
  subject         TEXT NOT NULL,
  account_id      TEXT COLLATE "C" NOT NULL,
  livemode        BOOLEAN NOT NULL,
  scope           TEXT NOT NULL,
  connected_at    BIGINT NOT NULL,
  disconnected_at BIGINT,
  refresh_token   TEXT,
  PRIMARY KEY (subject, account_id, livemode)
);

-- Webhooks and disconnections go by account.
CREATE INDEX stripe_connect_connections_by_account ON stripe_connect_connections (account_id, livemode);

-- Which webhook events were begun and handled: Stripe sends some of them twice.
CREATE TABLE stripe_connect_events (
  id       TEXT PRIMARY KEY,
  begun_at BIGINT NOT NULL,
  done     BOOLEAN NOT NULL DEFAULT FALSE
);

-- Events are let go after a week: Stripe sends one again for three days.
CREATE INDEX stripe_connect_events_by_age ON stripe_connect_events (begun_at);
