-- SPDX-License-Identifier: Apache-2.0
-- The log (日志): every event of every stream in one order, and the places of
-- resumable jobs.

CREATE TABLE log (
  log_id smallint PRIMARY KEY,
  size bigint NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE log IS 'The logs of this database: one, unless it is a cell of a larger one.';
COMMENT ON COLUMN log.log_id IS 'The log.';
COMMENT ON COLUMN log.size IS 'Number of entries; also the index of the last.';
INSERT INTO log (log_id, size) VALUES (1, 0);

CREATE TABLE log_queue (
  queue_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  seq bigint NOT NULL,
  stream_id uuid NOT NULL,
  agency_id text COLLATE "C" NOT NULL,
  leaf_hash bytea NOT NULL
);
COMMENT ON TABLE log_queue IS
  'Events that have no place in the log yet. Filled by the append while it holds the stream, so that the order within a stream is that of queue_id.';
COMMENT ON COLUMN log_queue.queue_id IS 'Order of arrival.';
COMMENT ON COLUMN log_queue.seq IS 'The event.';
COMMENT ON COLUMN log_queue.stream_id IS 'The stream.';
COMMENT ON COLUMN log_queue.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN log_queue.leaf_hash IS 'Leaf of the event.';

CREATE TABLE log_leaf (
  log_id smallint NOT NULL,
  log_index bigint NOT NULL,
  seq bigint NOT NULL,
  stream_id uuid NOT NULL,
  agency_id text COLLATE "C" NOT NULL,
  leaf_hash bytea NOT NULL,
  PRIMARY KEY (log_id, log_index),
  UNIQUE (agency_id, stream_id, seq)
);
COMMENT ON TABLE log_leaf IS 'The entries of the log, append-only.';
COMMENT ON COLUMN log_leaf.log_id IS 'The log.';
COMMENT ON COLUMN log_leaf.log_index IS '1, 2, 3 … without gaps.';
COMMENT ON COLUMN log_leaf.seq IS 'The event.';
COMMENT ON COLUMN log_leaf.stream_id IS 'The stream.';
COMMENT ON COLUMN log_leaf.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN log_leaf.leaf_hash IS 'Leaf of the event.';

CREATE TABLE job_state (
  job text PRIMARY KEY,
  state text NOT NULL,
  changed_time timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE job_state IS 'Where resumable jobs keep their place.';
COMMENT ON COLUMN job_state.job IS 'Name of the job.';
COMMENT ON COLUMN job_state.state IS 'What the job wrote down.';
COMMENT ON COLUMN job_state.changed_time IS 'When it did.';

-- Append-only: grants stop the service, these stop the owner too. ALWAYS,
-- because a trigger in the ordinary mode sleeps while replication replays.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'GK002';
END
$$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_leaf_append_only BEFORE UPDATE OR DELETE ON log_leaf
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_leaf_no_truncate BEFORE TRUNCATE ON log_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE event ENABLE ALWAYS TRIGGER event_append_only;
ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_truncate;
ALTER TABLE log_leaf ENABLE ALWAYS TRIGGER log_leaf_append_only;
ALTER TABLE log_leaf ENABLE ALWAYS TRIGGER log_leaf_no_truncate;
