CREATE TABLE IF NOT EXISTS identity_workload (
  name        VARCHAR(255) NOT NULL PRIMARY KEY,
  origin      VARCHAR(16)  NOT NULL,
  return_urls TEXT         NOT NULL,
  created_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
