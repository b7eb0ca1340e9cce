-- Rows belong to an application, a client id in one mode, so that several handlers share the tables. Old rows stand
-- under the client id '' until they are taken over by `adoptRows` of `stripe-connect-oauth/stores/postgres`, or by hand,
-- for ca_123 in live mode:
--   UPDATE stripe_connect_connections SET client_id = 'ca_123' WHERE client_id = '' AND livemode;
--   UPDATE stripe_connect_claims SET client_id = 'ca_123', livemode = TRUE WHERE client_id = '';
--   UPDATE stripe_connect_events SET client_id = 'ca_123', livemode = TRUE WHERE client_id = '';
--
-- Apply it, take the old rows over, then deploy the new version. Processes of the old version can claim nothing from
-- here on: a person who comes back from Stripe to one is asked to reload, and no code is sent, so none is sent twice;
-- Stripe sends webhooks again. What they connect in this very moment is reported as not_saved: connecting again heals it.

ALTER TABLE stripe_connect_claims
  ADD COLUMN client_id TEXT COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN livemode BOOLEAN NOT NULL DEFAULT FALSE,
  DROP CONSTRAINT stripe_connect_claims_pkey,
  DROP CONSTRAINT stripe_connect_claims_code_key,
  ADD PRIMARY KEY (client_id, livemode, flow),
  ADD UNIQUE (client_id, livemode, code);
ALTER TABLE stripe_connect_claims
  ALTER COLUMN client_id DROP DEFAULT,
  ALTER COLUMN livemode DROP DEFAULT;
DROP INDEX stripe_connect_claims_by_age;
CREATE INDEX stripe_connect_claims_by_age ON stripe_connect_claims (client_id, livemode, claimed_at);

-- How often someone has tried of late.
CREATE INDEX stripe_connect_claims_by_subject ON stripe_connect_claims (client_id, livemode, subject, claimed_at);

ALTER TABLE stripe_connect_connections
  ADD COLUMN client_id TEXT COLLATE "C" NOT NULL DEFAULT '',
  DROP CONSTRAINT stripe_connect_connections_pkey,
  ADD PRIMARY KEY (client_id, livemode, subject, account_id);
ALTER TABLE stripe_connect_connections
  ALTER COLUMN client_id DROP DEFAULT;
DROP INDEX stripe_connect_connections_by_account;
CREATE INDEX stripe_connect_connections_by_account ON stripe_connect_connections (client_id, livemode, account_id);

ALTER TABLE stripe_connect_events
  ADD COLUMN client_id TEXT COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN livemode BOOLEAN NOT NULL DEFAULT FALSE,
  DROP CONSTRAINT stripe_connect_events_pkey,
  ADD PRIMARY KEY (client_id, livemode, id);
ALTER TABLE stripe_connect_events
  ALTER COLUMN client_id DROP DEFAULT,
  ALTER COLUMN livemode DROP DEFAULT;
DROP INDEX stripe_connect_events_by_age;
CREATE INDEX stripe_connect_events_by_age ON stripe_connect_events (client_id, livemode, begun_at);
