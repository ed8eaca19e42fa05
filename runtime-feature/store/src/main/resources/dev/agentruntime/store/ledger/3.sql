CREATE TABLE IF NOT EXISTS agent_usage_day (
  row_id              VARCHAR(36)    NOT NULL REFERENCES agent_session (row_id),
  used_on             DATE           NOT NULL,
  cpu_nanos           BIGINT         NOT NULL,
  vcpu_nanos          BIGINT         NOT NULL,
  platform_nanos      BIGINT         NOT NULL,
  memory_byte_seconds NUMERIC(38, 9) NOT NULL,
  invocations         BIGINT         NOT NULL,
  wall_millis         BIGINT         NOT NULL,
  used_until          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (row_id, used_on)
);
CREATE INDEX IF NOT EXISTS agent_usage_day_by_day ON agent_usage_day (used_on);
INSERT INTO agent_usage_day (row_id, used_on, cpu_nanos, vcpu_nanos, platform_nanos, memory_byte_seconds, invocations, wall_millis, used_until)
SELECT s.row_id, CAST(s.last_activity_at AS DATE), u.cpu_nanos, 0, 0, u.memory_byte_seconds, u.invocations, 0, COALESCE(s.closed_at, s.last_activity_at)
FROM agent_session s JOIN agent_usage u ON u.row_id = s.row_id
WHERE NOT EXISTS (SELECT 1 FROM agent_usage_day d WHERE d.row_id = s.row_id);
