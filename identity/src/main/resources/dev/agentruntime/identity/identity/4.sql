ALTER TABLE identity_secret ADD COLUMN IF NOT EXISTS good_until TIMESTAMP(6) WITH TIME ZONE DEFAULT TIMESTAMP WITH TIME ZONE '9999-12-31 00:00:00+00' NOT NULL;
ALTER TABLE identity_secret ADD COLUMN IF NOT EXISTS leased_until TIMESTAMP(6) WITH TIME ZONE DEFAULT TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' NOT NULL;
ALTER TABLE identity_secret ADD COLUMN IF NOT EXISTS seal VARCHAR(64) DEFAULT '' NOT NULL;
CREATE TABLE IF NOT EXISTS identity_consent (
  id         VARCHAR(64)   NOT NULL PRIMARY KEY,
  state      VARCHAR(64)   NOT NULL,
  workload   VARCHAR(255)  NOT NULL,
  owner      VARCHAR(64)   NOT NULL,
  issuer     VARCHAR(1024) NOT NULL,
  subject    VARCHAR(1024) NOT NULL,
  provider   VARCHAR(128)  NOT NULL,
  place      TEXT          NOT NULL,
  return_url VARCHAR(2048) NOT NULL,
  step       VARCHAR(16)   NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  changed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS identity_consent_by_state ON identity_consent (state);
CREATE INDEX IF NOT EXISTS identity_consent_by_owner ON identity_consent (owner);
CREATE INDEX IF NOT EXISTS identity_consent_by_end ON identity_consent (expires_at);
