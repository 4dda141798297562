-- SPDX-License-Identifier: Apache-2.0
-- Destroying personal text (删除个人信息, PIPL 47). The record and its proof stay.

-- The erasures: few among many events.
CREATE INDEX event_erasure ON event (agency_id, stream_id, seq) WHERE type = 42;

-- Destroys salt and private part of the named events, the digests of the
-- requests that caused them, and the words of the case when p_words. For the
-- owner alone; returns how many private parts were there.
CREATE FUNCTION destroy_private(
  p_agency text, p_stream uuid, p_seqs bigint[], p_words boolean
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_destroyed integer;
BEGIN
  UPDATE public.private_part
  SET salt = NULL, payload = NULL, erased_time = now()
  WHERE agency_id = p_agency AND stream_id = p_stream AND seq = ANY (p_seqs)
    AND erased_time IS NULL;
  GET DIAGNOSTICS v_destroyed = ROW_COUNT;
  UPDATE public.request r SET mac = ''
  FROM public.event e
  WHERE e.agency_id = p_agency AND e.stream_id = p_stream
    AND e.seq = ANY (p_seqs) AND r.agency_id = p_agency
    AND r.request_id = e.request_id;
  IF p_words THEN
    UPDATE public.case_text
    SET applicant_name = '', content = '', grams = '', applicant_key = '',
      content_key = ''
    WHERE agency_id = p_agency AND stream_id = p_stream;
  END IF;
  RETURN v_destroyed;
END
$$;

-- The same for the service, only in the transaction that has just recorded the
-- erasure (event type 42) as p_event of the stream. Repeated after a lost answer
-- it finds its work done.
CREATE FUNCTION erase_private(
  p_agency text, p_stream uuid, p_event bigint, p_seqs bigint[],
  p_words boolean
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  v_now boolean;
BEGIN
  SELECT e.xmin = pg_current_xact_id()::xid INTO v_now
  FROM public.event e
  WHERE e.agency_id = p_agency AND e.stream_id = p_stream AND e.seq = p_event
    AND e.type = 42 AND p_agency = current_setting('gongkai.agency', true);
  IF v_now THEN
    RETURN public.destroy_private(p_agency, p_stream, p_seqs, p_words);
  END IF;
  IF v_now IS NULL OR EXISTS (
    SELECT FROM public.private_part
    WHERE agency_id = p_agency AND stream_id = p_stream
      AND seq = ANY (p_seqs) AND erased_time IS NULL) THEN
    RAISE EXCEPTION 'nothing is erased without its event'
      USING ERRCODE = 'GK002';
  END IF;
  RETURN 0;
END
$$;
GRANT EXECUTE ON FUNCTION erase_private TO gongkai_service;

-- After a restore, for the owner: destroys again what an erasure destroyed that
-- the backup does not know of. Only events whose leaf is the one named, so that
-- nothing else goes that took their numbers since. Returns how many of them are
-- in this database and how many private parts were still there.
CREATE FUNCTION replay_erasure(
  p_agency text, p_stream uuid, p_seqs bigint[], p_leaves bytea[],
  p_words boolean, OUT known integer, OUT destroyed integer
) LANGUAGE plpgsql AS $$
DECLARE
  v_seqs bigint[];
BEGIN
  SELECT coalesce(array_agg(e.seq), '{}') INTO v_seqs
  FROM unnest(p_seqs, p_leaves) AS named (seq, leaf)
  JOIN public.event e ON e.agency_id = p_agency AND e.stream_id = p_stream
    AND e.seq = named.seq AND e.leaf_hash = named.leaf;
  known := cardinality(v_seqs);
  destroyed := public.destroy_private(
    p_agency, p_stream, v_seqs, p_words AND known > 0);
END
$$;

-- Earlier cases of the same applicant, at most 20 of the newest 500, most
-- alike first. The first row holds only, in version, how many others asked the
-- same words before. Nobody knows any more who applied in an erased case.
CREATE OR REPLACE FUNCTION find_earlier(p_agency text, p_stream uuid)
RETURNS SETOF found_case LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  v_own public.case_text;
  v_first found_case;
BEGIN
  SELECT * INTO v_own FROM public.case_text
  WHERE agency_id = p_agency AND stream_id = p_stream;
  IF NOT FOUND OR v_own.applicant_key = '' THEN
    RETURN;
  END IF;
  SELECT count(DISTINCT c.applicant_key) INTO v_first.version
  FROM public.case_text c
  WHERE c.agency_id = p_agency AND c.content_key = v_own.content_key
    AND c.applicant_key <> v_own.applicant_key AND c.stream_id < p_stream;
  RETURN NEXT v_first;
  RETURN QUERY
  SELECT s.stream_id, s.number, s.version, s.phase, s.outcome,
    s.applicant_kind, s.officer, s.department, s.received_date, s.done_time,
    s.calendar_version, l.kind, l.ordinal, l.whose, l.state, l.start_date,
    l.due, l.provisional, ''::text, t.applicant_name, t.content, t.score, true
  FROM (
    SELECT c.*, similarity(c.content, v_own.content) AS score
    FROM (
      SELECT * FROM public.case_text
      WHERE agency_id = p_agency AND applicant_key = v_own.applicant_key
        AND stream_id < p_stream
      ORDER BY arrived DESC
      LIMIT 500) AS c
    ORDER BY score DESC, c.stream_id DESC
    LIMIT 20) AS t
  JOIN public.stream s
    ON s.agency_id = p_agency AND s.stream_id = t.stream_id
  LEFT JOIN public.case_limit l
    ON l.agency_id = p_agency AND l.stream_id = t.stream_id AND l.first
  ORDER BY t.score DESC, t.stream_id DESC;
END
$$;
