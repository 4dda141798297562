-- SPDX-License-Identifier: Apache-2.0
-- Who read, exported or was refused (访问记录). Each record is an entry of the
-- log like an event; it belongs to no stream and has no chain of its own.

CREATE TABLE access (
  agency_id text COLLATE "C" NOT NULL,
  access_id uuid NOT NULL,
  recorded_time timestamptz NOT NULL,
  kind smallint NOT NULL,
  numbers text[] COLLATE "C" NOT NULL,
  leaf_hash bytea NOT NULL,
  record bytea NOT NULL,
  PRIMARY KEY (agency_id, access_id)
);
COMMENT ON TABLE access IS 'Access records, append-only.';
COMMENT ON COLUMN access.agency_id IS 'Agency whose cases were concerned.';
COMMENT ON COLUMN access.access_id IS 'UUID of version 7 of the record.';
COMMENT ON COLUMN access.recorded_time IS 'When the server recorded it.';
COMMENT ON COLUMN access.kind IS 'Value of v1.AccessKind.';
COMMENT ON COLUMN access.numbers IS 'Numbers of the cases shown or concerned.';
COMMENT ON COLUMN access.leaf_hash IS 'Leaf of the record in the log.';
COMMENT ON COLUMN access.record IS 'The canonical bytes, as hashed.';
-- Who saw a case.
CREATE INDEX access_numbers ON access USING gin (numbers);

CREATE TRIGGER access_append_only BEFORE UPDATE OR DELETE ON access
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_no_truncate BEFORE TRUNCATE ON access
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_of_this_log BEFORE INSERT ON access
  FOR EACH ROW EXECUTE FUNCTION refuse_foreign_record();
ALTER TABLE access ENABLE ALWAYS TRIGGER access_append_only;
ALTER TABLE access ENABLE ALWAYS TRIGGER access_no_truncate;
ALTER TABLE access ENABLE ALWAYS TRIGGER access_of_this_log;
ALTER TABLE access ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON access FOR SELECT TO gongkai_service
  USING (agency_id = current_setting('gongkai.agency', true));
CREATE POLICY all_agencies ON access FOR SELECT TO gongkai_auditor USING (true);

-- Records a group of accesses, of any agencies, and queues them for the log.
-- Recorded ones are passed over, so that a lost answer may be asked for again.
-- p_numbers holds the numbers of each, divided by blanks.
CREATE FUNCTION record_access(
  p_agency text[], p_id uuid[], p_time timestamptz[], p_kind smallint[],
  p_numbers text[], p_leaf bytea[], p_record bytea[]
) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  WITH new AS (
    INSERT INTO public.access (
      agency_id, access_id, recorded_time, kind, numbers, leaf_hash, record)
    SELECT n.agency, n.id, n.recorded, n.kind,
      string_to_array(n.numbers, ' '), n.leaf, n.record
    FROM unnest(p_agency, p_id, p_time, p_kind, p_numbers, p_leaf, p_record)
      AS n (agency, id, recorded, kind, numbers, leaf, record)
    ON CONFLICT DO NOTHING
    RETURNING agency_id, access_id, leaf_hash)
  INSERT INTO public.log_queue (agency_id, stream_id, seq, leaf_hash, kind)
  SELECT agency_id, access_id, 1, leaf_hash, 2 FROM new
$$;

-- Accesses to one case until a moment, the newest p_max, oldest first.
CREATE FUNCTION accesses_of(
  p_agency text, p_number text, p_until timestamptz, p_max integer
) RETURNS TABLE (record bytea) LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  RETURN QUERY
  SELECT n.record FROM (
    SELECT a.record, a.recorded_time, a.access_id FROM access a
    WHERE a.agency_id = p_agency AND a.numbers @> ARRAY[p_number COLLATE "C"]
      AND a.recorded_time <= p_until
    ORDER BY a.recorded_time DESC, a.access_id DESC LIMIT p_max) AS n
  ORDER BY n.recorded_time, n.access_id;
END
$$;

GRANT SELECT ON access TO gongkai_service, gongkai_auditor;
GRANT EXECUTE ON FUNCTION record_access TO gongkai_service;
GRANT EXECUTE ON FUNCTION accesses_of TO gongkai_service, gongkai_auditor;
