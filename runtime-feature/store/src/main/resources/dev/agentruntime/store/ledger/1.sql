CREATE TABLE IF NOT EXISTS agent_session (
  row_id             VARCHAR(36)   NOT NULL PRIMARY KEY,
  server_id          VARCHAR(16)   NOT NULL,
  runtime            VARCHAR(64)   NOT NULL,
  session_id         VARCHAR(256)  NOT NULL,
  version            VARCHAR(64)   NOT NULL,
  status             VARCHAR(16)   NOT NULL,
  owner_issuer       VARCHAR(8192) NOT NULL,
  owner_subject      VARCHAR(8192) NOT NULL,
  created_at         TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  last_activity_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  closed_at          TIMESTAMP(6) WITH TIME ZONE,
  start_mode         VARCHAR(16),
  start_nanos        BIGINT,
  vm                 VARCHAR(128),
  reason_code        VARCHAR(32),
  reason             VARCHAR(4000),
  baseline_cpu_nanos BIGINT
);
CREATE TABLE IF NOT EXISTS agent_usage (
  row_id              VARCHAR(36)    NOT NULL PRIMARY KEY REFERENCES agent_session (row_id),
  cpu_nanos           BIGINT         NOT NULL,
  memory_byte_seconds NUMERIC(38, 9) NOT NULL,
  peak_memory_bytes   BIGINT         NOT NULL,
  invocations         BIGINT         NOT NULL,
  source              VARCHAR(16)    NOT NULL
);
CREATE INDEX IF NOT EXISTS agent_session_by_id ON agent_session (runtime, session_id, created_at);
CREATE INDEX IF NOT EXISTS agent_session_by_end ON agent_session (runtime, closed_at);
CREATE INDEX IF NOT EXISTS agent_session_unfinished ON agent_session (server_id, closed_at);
