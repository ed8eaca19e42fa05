ALTER TABLE agent_session ALTER COLUMN server_id SET DATA TYPE VARCHAR(64);
CREATE TABLE IF NOT EXISTS agent_session_owner (
  runtime       VARCHAR(64)   NOT NULL,
  session_id    VARCHAR(256)  NOT NULL,
  owner_issuer  VARCHAR(8192) NOT NULL,
  owner_subject VARCHAR(8192) NOT NULL,
  server_id     VARCHAR(64)   NOT NULL,
  claimed_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (runtime, session_id)
);
INSERT INTO agent_session_owner (runtime, session_id, owner_issuer, owner_subject, server_id, claimed_at)
SELECT f.runtime, f.session_id, f.owner_issuer, f.owner_subject, f.server_id, f.created_at
FROM (
  SELECT s.runtime, s.session_id, s.owner_issuer, s.owner_subject, s.server_id, s.created_at,
         ROW_NUMBER() OVER (PARTITION BY s.runtime, s.session_id ORDER BY s.created_at, s.row_id) AS place
  FROM agent_session s
) f
WHERE f.place = 1 AND NOT EXISTS (
  SELECT 1 FROM agent_session_owner o WHERE o.runtime = f.runtime AND o.session_id = f.session_id
);
