CREATE TABLE IF NOT EXISTS memory_resource (
  id          VARCHAR(120) NOT NULL PRIMARY KEY,
  name        VARCHAR(64)  NOT NULL UNIQUE,
  status      VARCHAR(16)  NOT NULL,
  expiry_days INTEGER      NOT NULL,
  settings    TEXT         NOT NULL,
  strategies  TEXT         NOT NULL,
  token       VARCHAR(64)  UNIQUE,
  created_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
