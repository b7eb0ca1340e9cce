-- Rows belong to an application, a client id in one mode, so that several handlers share the tables. Old rows stand
-- under the client id '' until they are taken over by `adoptRows` of `stripe-connect-oauth/stores/d1`, or by hand, for
-- ca_123 in live mode (1):
--   UPDATE stripe_connect_connections SET client_id = 'ca_123' WHERE client_id = '' AND livemode = 1
--   UPDATE stripe_connect_claims SET client_id = 'ca_123', livemode = 1 WHERE client_id = ''
--   UPDATE stripe_connect_events SET client_id = 'ca_123', livemode = 1 WHERE client_id = ''
--
-- Apply it, take the old rows over, then deploy the new version. Workers of the old version can claim nothing from here
-- on: a person who comes back from Stripe to one is asked to reload, and no code is sent, so none is sent twice; Stripe
-- sends webhooks again. What they connect in this very moment is kept, under '', and is taken over by doing so once more.

CREATE TABLE stripe_connect_claims_new (
  client_id  TEXT NOT NULL,
  livemode   INTEGER NOT NULL,
  flow       TEXT NOT NULL,
  code       TEXT NOT NULL,
  subject    TEXT NOT NULL,
  claimed_at INTEGER NOT NULL,
  outcome    TEXT,
  PRIMARY KEY (client_id, livemode, flow),
  UNIQUE (client_id, livemode, code)
) STRICT;
INSERT INTO stripe_connect_claims_new (client_id, livemode, flow, code, subject, claimed_at, outcome)
  SELECT '', 0, flow, code, subject, claimed_at, outcome FROM stripe_connect_claims;
DROP TABLE stripe_connect_claims;
ALTER TABLE stripe_connect_claims_new RENAME TO stripe_connect_claims;
CREATE INDEX stripe_connect_claims_by_age ON stripe_connect_claims (client_id, livemode, claimed_at);

-- How often someone has tried of late.
CREATE INDEX stripe_connect_claims_by_subject ON stripe_connect_claims (client_id, livemode, subject, claimed_at);

CREATE TABLE stripe_connect_connections_new (
  client_id       TEXT NOT NULL DEFAULT '',
  livemode        INTEGER NOT NULL,
  subject         TEXT NOT NULL,
  account_id      TEXT NOT NULL,
  scope           TEXT NOT NULL,
  connected_at    INTEGER NOT NULL,
  disconnected_at INTEGER,
  refresh_token   TEXT,
  PRIMARY KEY (client_id, livemode, subject, account_id)
) STRICT;
INSERT INTO stripe_connect_connections_new
  (client_id, livemode, subject, account_id, scope, connected_at, disconnected_at, refresh_token)
  SELECT '', livemode, subject, account_id, scope, connected_at, disconnected_at, refresh_token
  FROM stripe_connect_connections;
DROP TABLE stripe_connect_connections;
ALTER TABLE stripe_connect_connections_new RENAME TO stripe_connect_connections;
CREATE INDEX stripe_connect_connections_by_account ON stripe_connect_connections (client_id, livemode, account_id);

CREATE TABLE stripe_connect_events_new (
  client_id TEXT NOT NULL,
  livemode  INTEGER NOT NULL,
  id        TEXT NOT NULL,
  begun_at  INTEGER NOT NULL,
  done      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (client_id, livemode, id)
) STRICT;
INSERT INTO stripe_connect_events_new (client_id, livemode, id, begun_at, done)
  SELECT '', 0, id, begun_at, done FROM stripe_connect_events;
DROP TABLE stripe_connect_events;
ALTER TABLE stripe_connect_events_new RENAME TO stripe_connect_events;
CREATE INDEX stripe_connect_events_by_age ON stripe_connect_events (client_id, livemode, begun_at);
