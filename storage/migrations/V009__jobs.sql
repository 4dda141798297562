-- SPDX-License-Identifier: Apache-2.0
-- What jobs ask across agencies. These run with the owner's rights.

-- Open cases after a place, in the order of agency and stream. An empty agency
-- is all.
CREATE FUNCTION open_cases(
  p_agency text, p_after_agency text, p_after_stream uuid, p_limit integer
) RETURNS TABLE (
  agency_id text, stream_id uuid, number text, calendar_version text
) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
  IF p_agency = '' THEN
    RETURN QUERY
    SELECT s.agency_id, s.stream_id, s.number, s.calendar_version
    FROM public.stream s
    WHERE s.kind = 1 AND s.done_time IS NULL
      AND (s.agency_id, s.stream_id)
          > (p_after_agency COLLATE "C", p_after_stream)
    ORDER BY s.agency_id, s.stream_id
    LIMIT p_limit;
  ELSE
    RETURN QUERY
    SELECT s.agency_id, s.stream_id, s.number, s.calendar_version
    FROM public.stream s
    WHERE s.kind = 1 AND s.done_time IS NULL AND s.agency_id = p_agency
      AND s.stream_id > p_after_stream
    ORDER BY s.stream_id
    LIMIT p_limit;
  END IF;
END
$$;

-- Codes of all agencies that have terms.
CREATE FUNCTION agencies() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT agency_id FROM public.stream WHERE kind = 2 ORDER BY agency_id
$$;

-- Gives the next places of the log to at most p_max queued events and returns
-- to how many; 0 while another does so. The advisory lock keeps a second
-- sequencer from waiting, the lock of the log's row from doing harm.
CREATE FUNCTION sequence_log(p_max integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  v_size bigint;
  v_taken integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(20080501, 1) THEN
    RETURN 0;
  END IF;
  SELECT size INTO v_size FROM public.log WHERE log_id = 1 FOR UPDATE;
  WITH taken AS (
    DELETE FROM public.log_queue q
    USING (
      SELECT queue_id FROM public.log_queue
      ORDER BY queue_id LIMIT p_max) AS next
    WHERE q.queue_id = next.queue_id
    RETURNING q.*)
  INSERT INTO public.log_leaf (
    log_id, log_index, agency_id, stream_id, seq, leaf_hash)
  SELECT 1, v_size + row_number() OVER (ORDER BY queue_id), agency_id,
    stream_id, seq, leaf_hash
  FROM taken ORDER BY queue_id;
  GET DIAGNOSTICS v_taken = ROW_COUNT;
  IF v_taken > 0 THEN
    UPDATE public.log SET size = v_size + v_taken WHERE log_id = 1;
  END IF;
  RETURN v_taken;
END
$$;

-- Entries of the log after a place; an empty agency is all.
CREATE FUNCTION read_log(p_after bigint, p_agency text, p_max integer)
RETURNS TABLE (
  log_index bigint, agency_id text, stream_id uuid, number text, kind smallint,
  seq bigint, type smallint, occurred_date date, recorded_time timestamptz
) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN QUERY
  SELECT f.log_index, f.agency_id, f.stream_id, s.number, s.kind, f.seq,
    e.type, e.occurred_date, e.recorded_time
  FROM (
    SELECT * FROM public.log_leaf
    WHERE log_id = 1 AND log_leaf.log_index > p_after
      AND (p_agency = '' OR log_leaf.agency_id = p_agency)
    ORDER BY log_leaf.log_index
    LIMIT p_max) AS f
  JOIN public.stream s
    ON s.agency_id = f.agency_id AND s.stream_id = f.stream_id
  JOIN public.event e
    ON e.agency_id = f.agency_id AND e.stream_id = f.stream_id
      AND e.seq = f.seq
  ORDER BY f.log_index;
END
$$;

-- Number of entries of the log.
CREATE FUNCTION log_size() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT size FROM public.log WHERE log_id = 1
$$;
GRANT EXECUTE ON FUNCTION sequence_log TO gongkai_service;
GRANT EXECUTE ON FUNCTION open_cases, agencies, read_log, log_size
  TO gongkai_service, gongkai_auditor;
