-- SPDX-License-Identifier: Apache-2.0
-- The reading functions of streams. STABLE, so that all their statements see
-- the one snapshot of the call.

-- A row of the first kind (seq null) and one per event. The first row tells of
-- the stream, of an earlier request, and the versions of the calendars and of
-- the agency's terms.
CREATE TYPE history_row AS (
  seq bigint, type smallint, event_id uuid, request_id uuid,
  recorded_time timestamptz, occurred_date date, record bytea, hash bytea,
  leaf_hash bytea, salt bytea, payload bytea, erased boolean,
  stream_id uuid, number text, version bigint, head bytea,
  prior_stream uuid, prior_number text, prior_seq bigint, prior_mac bytea,
  national_calendar bigint, local_calendar bigint, terms bigint
);

-- One stream with its events, by p_stream, or by p_number when that is null.
-- p_request may be null.
CREATE FUNCTION load_history(
  p_agency text, p_stream uuid, p_number text, p_request uuid, p_private boolean
) RETURNS SETOF history_row LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
  v history_row;
BEGIN
  IF p_stream IS NULL THEN
    SELECT s.stream_id, s.number, s.version, s.head
    INTO v.stream_id, v.number, v.version, v.head
    FROM stream s WHERE s.agency_id = p_agency AND s.number = p_number;
  ELSE
    SELECT s.stream_id, s.number, s.version, s.head
    INTO v.stream_id, v.number, v.version, v.head
    FROM stream s WHERE s.agency_id = p_agency AND s.stream_id = p_stream;
  END IF;
  IF p_request IS NOT NULL THEN
    SELECT r.stream_id, s.number, r.seq, r.mac
    INTO v.prior_stream, v.prior_number, v.prior_seq, v.prior_mac
    FROM request r
    LEFT JOIN stream s
      ON s.agency_id = r.agency_id AND s.stream_id = r.stream_id
    WHERE r.agency_id = p_agency AND r.request_id = p_request;
  END IF;
  SELECT
    (SELECT version FROM stream WHERE agency_id = 'CN'
      AND stream_id = '00000000-0000-7000-8000-000000000004'),
    (SELECT version FROM stream WHERE agency_id = p_agency
      AND stream_id = '00000000-0000-7000-8000-000000000004'),
    (SELECT version FROM stream WHERE agency_id = p_agency
      AND stream_id = '00000000-0000-7000-8000-000000000002')
  INTO v.national_calendar, v.local_calendar, v.terms;
  RETURN NEXT v;

  IF v.stream_id IS NULL THEN
    RETURN;
  END IF;
  IF p_private THEN
    RETURN QUERY
    SELECT e.seq, e.type, e.event_id, e.request_id, e.recorded_time,
      e.occurred_date, e.record, e.hash, e.leaf_hash, p.salt, p.payload,
      p.erased_time IS NOT NULL, null::uuid, null, null::bigint, null::bytea,
      null::uuid, null, null::bigint, null::bytea,
      null::bigint, null::bigint, null::bigint
    FROM event e
    LEFT JOIN private_part p
      ON p.agency_id = p_agency AND p.stream_id = v.stream_id AND p.seq = e.seq
    WHERE e.agency_id = p_agency AND e.stream_id = v.stream_id
    ORDER BY e.seq;
  ELSE
    RETURN QUERY
    SELECT e.seq, e.type, e.event_id, e.request_id, e.recorded_time,
      e.occurred_date, e.record, e.hash, e.leaf_hash, null::bytea, null::bytea,
      false, null::uuid, null, null::bigint, null::bytea,
      null::uuid, null, null::bigint, null::bytea,
      null::bigint, null::bigint, null::bigint
    FROM event e
    WHERE e.agency_id = p_agency AND e.stream_id = v.stream_id
    ORDER BY e.seq;
  END IF;
END
$$;

GRANT EXECUTE ON FUNCTION load_history TO gongkai_service, gongkai_auditor;
