CREATE TABLE IF NOT EXISTS memory_session (
  memory_id  VARCHAR(120) NOT NULL,
  actor_id   VARCHAR(255) NOT NULL,
  session_id VARCHAR(100) NOT NULL,
  last_event BIGINT       NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (memory_id, actor_id, session_id)
);
CREATE TABLE IF NOT EXISTS memory_branch (
  memory_id  VARCHAR(120) NOT NULL,
  actor_id   VARCHAR(255) NOT NULL,
  session_id VARCHAR(100) NOT NULL,
  name       VARCHAR(100) NOT NULL,
  parent     VARCHAR(100) NOT NULL,
  root_event VARCHAR(40)  NOT NULL,
  PRIMARY KEY (memory_id, actor_id, session_id, name)
);
CREATE TABLE IF NOT EXISTS memory_event (
  memory_id  VARCHAR(120) NOT NULL,
  actor_id   VARCHAR(255) NOT NULL,
  session_id VARCHAR(100) NOT NULL,
  event_id   VARCHAR(40)  NOT NULL,
  branch     VARCHAR(100) NOT NULL,
  token      VARCHAR(64),
  extraction VARCHAR(8)   NOT NULL,
  metadata   TEXT         NOT NULL,
  payload    TEXT         NOT NULL,
  event_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS memory_event_newest ON memory_event (memory_id, actor_id, session_id, event_id DESC);
CREATE UNIQUE INDEX IF NOT EXISTS memory_event_by_token ON memory_event (memory_id, actor_id, token);
CREATE INDEX IF NOT EXISTS memory_event_by_expiry ON memory_event (expires_at);
