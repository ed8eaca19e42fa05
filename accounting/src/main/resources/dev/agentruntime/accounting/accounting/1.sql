CREATE TABLE IF NOT EXISTS agent_invocation_usage (
  request_id          VARCHAR(36)    NOT NULL PRIMARY KEY,
  runtime             VARCHAR(64)    NOT NULL,
  session_id          VARCHAR(256)   NOT NULL,
  owner_issuer        VARCHAR(8192)  NOT NULL,
  owner_subject       VARCHAR(8192)  NOT NULL,
  began_at            TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  took_millis         BIGINT         NOT NULL,
  outcome             VARCHAR(16)    NOT NULL,
  cpu_nanos           BIGINT         NOT NULL,
  vcpu_nanos          BIGINT         NOT NULL,
  memory_byte_seconds NUMERIC(38, 9) NOT NULL
);
CREATE INDEX IF NOT EXISTS agent_invocation_usage_by_time ON agent_invocation_usage (began_at, request_id);
CREATE INDEX IF NOT EXISTS agent_invocation_usage_by_session ON agent_invocation_usage (runtime, session_id, began_at);
