CREATE TABLE IF NOT EXISTS memory_revision (
  id       INTEGER     NOT NULL PRIMARY KEY,
  origin   VARCHAR(64) NOT NULL,
  revision BIGINT      NOT NULL,
  forgotten BIGINT     NOT NULL
);
CREATE TABLE IF NOT EXISTS memory_record (
  memory_id   VARCHAR(120)  NOT NULL,
  record_id   VARCHAR(50)   NOT NULL,
  strategy_id VARCHAR(100)  NOT NULL,
  actor_id    VARCHAR(255)  NOT NULL,
  namespace   VARCHAR(1024) NOT NULL,
  state       VARCHAR(16)   NOT NULL,
  content     TEXT          NOT NULL,
  metadata    TEXT          NOT NULL,
  request     VARCHAR(80)   NOT NULL,
  token       VARCHAR(64)   NOT NULL,
  revision    BIGINT        NOT NULL,
  recorded_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  created_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (memory_id, record_id)
);
CREATE UNIQUE INDEX IF NOT EXISTS memory_record_by_revision ON memory_record (revision);
CREATE INDEX IF NOT EXISTS memory_record_by_token ON memory_record (memory_id, token);
CREATE INDEX IF NOT EXISTS memory_record_newest ON memory_record (memory_id, recorded_at DESC, record_id);
CREATE INDEX IF NOT EXISTS memory_record_by_actor ON memory_record (memory_id, actor_id);
CREATE TABLE IF NOT EXISTS memory_record_gone (
  revision   BIGINT       NOT NULL PRIMARY KEY,
  memory_id  VARCHAR(120) NOT NULL,
  record_id  VARCHAR(50)  NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
