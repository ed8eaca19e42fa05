CREATE TABLE IF NOT EXISTS identity_secret (
  id         VARCHAR(64)  NOT NULL PRIMARY KEY,
  kind       VARCHAR(16)  NOT NULL,
  workload   VARCHAR(255) NOT NULL,
  owner      VARCHAR(64)  NOT NULL,
  issuer     VARCHAR(1024) NOT NULL,
  subject    VARCHAR(1024) NOT NULL,
  provider   VARCHAR(128) NOT NULL,
  scopes     TEXT         NOT NULL,
  key_id     VARCHAR(64)  NOT NULL,
  wrapped    VARCHAR(128) NOT NULL,
  sealed     TEXT         NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS identity_secret_by_key ON identity_secret (key_id);
CREATE INDEX IF NOT EXISTS identity_secret_by_owner ON identity_secret (owner);
CREATE INDEX IF NOT EXISTS identity_secret_by_workload ON identity_secret (workload);
CREATE INDEX IF NOT EXISTS identity_secret_by_provider ON identity_secret (provider);
