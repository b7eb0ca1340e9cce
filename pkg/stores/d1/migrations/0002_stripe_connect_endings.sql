-- When a connection ended; NULL while it is live. Its row stays, so that the platform can show it.
ALTER TABLE stripe_connect_connections ADD COLUMN disconnected_at INTEGER;

-- The refresh token, sealed under the platform's own secret; NULL unless the platform keeps them.
ALTER TABLE stripe_connect_connections ADD COLUMN refresh_token TEXT;

-- Webhooks and disconnections go by account.
CREATE INDEX stripe_connect_connections_by_account ON stripe_connect_connections (account_id, livemode);

-- Which webhook events were begun and handled: Stripe sends some of them twice.
CREATE TABLE stripe_connect_events (
  id       TEXT PRIMARY KEY,
  begun_at INTEGER NOT NULL,
  done     INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Events are let go after a week: Stripe sends one again for three days.
CREATE INDEX stripe_connect_events_by_age ON stripe_connect_events (begun_at);
