CREATE TABLE IF NOT EXISTS control_runtime (
  id         VARCHAR(64)   NOT NULL PRIMARY KEY,
  name       VARCHAR(64)   NOT NULL UNIQUE,
  status     VARCHAR(16)   NOT NULL,
  failure    VARCHAR(4000) NOT NULL,
  latest     INTEGER       NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE TABLE IF NOT EXISTS control_version (
  runtime_id VARCHAR(64)   NOT NULL REFERENCES control_runtime (id) ON DELETE CASCADE,
  number     INTEGER       NOT NULL,
  settings   TEXT          NOT NULL,
  digest     VARCHAR(64)   NOT NULL,
  status     VARCHAR(16)   NOT NULL,
  failure    VARCHAR(4000) NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (runtime_id, number)
);
CREATE TABLE IF NOT EXISTS control_endpoint (
  runtime_id  VARCHAR(64)   NOT NULL REFERENCES control_runtime (id) ON DELETE CASCADE,
  name        VARCHAR(64)   NOT NULL,
  status      VARCHAR(16)   NOT NULL,
  failure     VARCHAR(4000) NOT NULL,
  description VARCHAR(512)  NOT NULL,
  live        INTEGER,
  target      INTEGER       NOT NULL,
  created_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (runtime_id, name)
);
CREATE TABLE IF NOT EXISTS control_tag (
  runtime_id VARCHAR(64)  NOT NULL REFERENCES control_runtime (id) ON DELETE CASCADE,
  endpoint   VARCHAR(64)  NOT NULL,
  tag_key    VARCHAR(256) NOT NULL,
  tag_value  VARCHAR(512) NOT NULL,
  PRIMARY KEY (runtime_id, endpoint, tag_key)
);
CREATE TABLE IF NOT EXISTS control_token (
  operation  VARCHAR(64)  NOT NULL,
  token      VARCHAR(512) NOT NULL,
  request    VARCHAR(64)  NOT NULL,
  answer     TEXT         NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (operation, token)
);
CREATE INDEX IF NOT EXISTS control_token_by_age ON control_token (created_at);
