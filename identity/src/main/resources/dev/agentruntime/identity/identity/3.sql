CREATE TABLE IF NOT EXISTS identity_provider (
  kind       VARCHAR(16)  NOT NULL,
  name       VARCHAR(128) NOT NULL,
  vendor     VARCHAR(64)  NOT NULL,
  settings   TEXT         NOT NULL,
  workloads  TEXT         NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (kind, name)
);
