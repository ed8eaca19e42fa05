CREATE TABLE IF NOT EXISTS agent_session_kept (
  row_id                 VARCHAR(36)   NOT NULL PRIMARY KEY REFERENCES agent_session (row_id),
  tenant_issuer          VARCHAR(8192) NOT NULL,
  tenant_kind            VARCHAR(16)   NOT NULL,
  tenant_name            VARCHAR(8192) NOT NULL,
  path                   VARCHAR(1024) NOT NULL,
  passes_token           BOOLEAN       NOT NULL,
  headers                VARCHAR(8192) NOT NULL,
  version_idle_nanos     BIGINT,
  version_lifetime_nanos BIGINT,
  idle_nanos             BIGINT,
  metered_at             TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  memory_bytes           BIGINT        NOT NULL,
  baseline_vcpu_nanos    BIGINT        NOT NULL
);
