-- SPDX-License-Identifier: Apache-2.0
-- The writing functions: one call, one trip. They run with the caller's rights,
-- under the policies, and set the agency first. Assignments and not PERFORM,
-- because an expression needs no query.

-- Appends one event to one stream with all that follows from it. Returns 1
-- when appended (also when this very event is there already, so that a lost
-- answer may be asked for again), 2 when the version has moved on, 3 when the
-- request was carried out before, 4 when the number is taken. A request that
-- two streams race for ends in a violation of request_pkey. An empty salt means
-- no private part, an empty mac that the request is not remembered; null limits
-- and null content leave what is there.
CREATE FUNCTION append_event(
  p_agency text, p_stream uuid, p_kind smallint, p_number text,
  p_expected bigint,
  p_type smallint, p_event uuid, p_request uuid, p_recorded timestamptz,
  p_occurred date, p_record bytea, p_hash bytea, p_leaf bytea,
  p_salt bytea, p_payload bytea, p_mac bytea,
  p_phase smallint, p_outcome smallint, p_applicant_kind smallint,
  p_officer text, p_department text, p_received date, p_done timestamptz,
  p_calendar text,
  p_limit_kind smallint[], p_limit_ordinal smallint[], p_limit_whose smallint[],
  p_limit_state smallint[], p_limit_start date[], p_limit_due date[],
  p_limit_provisional boolean[], p_limit_first boolean[],
  p_arrived date, p_applicant_name text, p_content text, p_words text[],
  p_applicant_key bytea, p_content_key bytea
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  IF p_expected > 0 THEN
    UPDATE stream SET
      version = p_expected + 1, head = p_hash, phase = p_phase,
      outcome = p_outcome, applicant_kind = p_applicant_kind,
      officer = p_officer, department = p_department,
      received_date = p_received, done_time = p_done,
      calendar_version = p_calendar
    WHERE agency_id = p_agency AND stream_id = p_stream
      AND version = p_expected;
  ELSE
    INSERT INTO stream (
      agency_id, stream_id, version, opened_time, done_time, received_date,
      kind, phase, outcome, applicant_kind, number, head, officer, department,
      calendar_version)
    VALUES (
      p_agency, p_stream, 1, p_recorded, p_done, p_received,
      p_kind, p_phase, p_outcome, p_applicant_kind, p_number, p_hash,
      p_officer, p_department, p_calendar)
    ON CONFLICT DO NOTHING;
  END IF;
  IF NOT FOUND THEN
    RETURN why_not_appended(
      p_agency, p_stream, p_expected, p_event, p_request, p_number);
  END IF;

  INSERT INTO event (
    agency_id, stream_id, seq, recorded_time, occurred_date, type, event_id,
    request_id, hash, leaf_hash, record)
  VALUES (
    p_agency, p_stream, p_expected + 1, p_recorded, p_occurred, p_type,
    p_event, p_request, p_hash, p_leaf, p_record);
  INSERT INTO log_queue (agency_id, stream_id, seq, leaf_hash)
  VALUES (p_agency, p_stream, p_expected + 1, p_leaf);
  IF p_salt <> '' THEN
    INSERT INTO private_part (agency_id, stream_id, seq, salt, payload)
    VALUES (p_agency, p_stream, p_expected + 1, p_salt, p_payload);
  END IF;
  IF p_mac <> '' THEN
    INSERT INTO request (agency_id, request_id, stream_id, seq, mac)
    VALUES (p_agency, p_request, p_stream, p_expected + 1, p_mac);
  END IF;

  IF p_limit_kind IS NOT NULL THEN
    IF p_expected > 0 THEN
      DELETE FROM case_limit
      WHERE agency_id = p_agency AND stream_id = p_stream;
    END IF;
    IF p_limit_kind <> '{}' THEN
      INSERT INTO case_limit (
        agency_id, stream_id, kind, ordinal, whose, state, start_date, due,
        provisional, first)
      SELECT p_agency, p_stream, l.*
      FROM unnest(
        p_limit_kind, p_limit_ordinal, p_limit_whose, p_limit_state,
        p_limit_start, p_limit_due, p_limit_provisional, p_limit_first) AS l;
    END IF;
  END IF;

  IF p_content IS NOT NULL THEN
    INSERT INTO case_text AS t (
      agency_id, stream_id, arrived, applicant_key, content_key,
      applicant_name, content, grams)
    VALUES (
      p_agency, p_stream, p_arrived, p_applicant_key, p_content_key,
      p_applicant_name, p_content, array_to_tsvector(p_words))
    ON CONFLICT (agency_id, stream_id) DO UPDATE SET
      arrived = excluded.arrived, applicant_key = excluded.applicant_key,
      content_key = excluded.content_key,
      applicant_name = excluded.applicant_name, content = excluded.content,
      grams = excluded.grams;
  END IF;
  RETURN 1;
END
$$;

-- Why append_event found no row to move on: its answers 1 to 4.
CREATE FUNCTION why_not_appended(
  p_agency text, p_stream uuid, p_expected bigint, p_event uuid,
  p_request uuid, p_number text
) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM event
    WHERE agency_id = p_agency AND stream_id = p_stream
      AND seq = p_expected + 1 AND event_id = p_event) THEN
    RETURN 1;
  END IF;
  IF EXISTS (
    SELECT FROM request
    WHERE agency_id = p_agency AND request_id = p_request) THEN
    RETURN 3;
  END IF;
  IF p_expected = 0 AND p_number IS NOT NULL AND EXISTS (
    SELECT FROM stream
    WHERE agency_id = p_agency AND number = p_number
      AND stream_id <> p_stream) THEN
    RETURN 4;
  END IF;
  RETURN 2;
END
$$;

-- Locks the counter of an agency and year until the end of the transaction,
-- gives a serial number to each new arrival, and tells of each arrival its
-- rank in the month and the year of its applicant, and any earlier request of
-- its id. Rows in the order of the arrivals.
CREATE FUNCTION take_numbers(
  p_agency text, p_year integer, p_request uuid[], p_applicant_key bytea[],
  p_arrived date[], p_imported boolean[]
) RETURNS TABLE (
  serial bigint, month_rank integer, year_count integer,
  prior_stream uuid, prior_number text, prior_seq bigint, prior_mac bytea
) LANGUAGE plpgsql AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
  v_last bigint;
  v_new bigint;
BEGIN
  INSERT INTO counter AS c (agency_id, year, last) VALUES (p_agency, p_year, 0)
  ON CONFLICT (agency_id, year) DO UPDATE SET last = c.last
  RETURNING last INTO v_last;

  SELECT count(*) INTO v_new
  FROM unnest(p_request, p_imported) AS a (request_id, imported)
  WHERE NOT a.imported AND (
    SELECT r.seq FROM request r
    WHERE r.agency_id = p_agency AND r.request_id = a.request_id) IS NULL;

  -- An imported case may hold a number that the counter has not reached.
  WHILE v_new > 0 AND EXISTS (
    SELECT FROM (
      SELECT p_agency || '-' || lpad(p_year::text, 4, '0') || '-' ||
             CASE WHEN n < 100000 THEN lpad(n::text, 5, '0') ELSE n::text END
        AS number
      FROM generate_series(v_last + 1, v_last + v_new) AS n OFFSET 0) AS next
    WHERE (
      SELECT s.kind FROM stream s
      WHERE s.agency_id = p_agency AND s.number = next.number)
      IS NOT NULL) LOOP
    v_last := v_last + 1;
  END LOOP;
  IF v_new > 0 THEN
    UPDATE counter SET last = v_last + v_new
    WHERE agency_id = p_agency AND year = p_year;
  END IF;

  RETURN QUERY
  SELECT
    CASE WHEN a.imported OR r.request_id IS NOT NULL THEN 0
    ELSE v_last + count(*) FILTER (
      WHERE NOT a.imported AND r.request_id IS NULL) OVER (ORDER BY a.place)
    END,
    1 + (SELECT count(*)::integer FROM case_text t
         WHERE t.agency_id = p_agency AND t.applicant_key = a.applicant_key
           AND t.arrived >= date_trunc('month', a.arrived)::date
           AND t.arrived < (date_trunc('month', a.arrived) + '1 month')::date),
    1 + (SELECT count(*)::integer FROM case_text t
         WHERE t.agency_id = p_agency AND t.applicant_key = a.applicant_key
           AND t.arrived >= date_trunc('year', a.arrived)::date
           AND t.arrived < (date_trunc('year', a.arrived) + '1 year')::date),
    r.stream_id, s.number, r.seq, r.mac
  FROM unnest(p_request, p_applicant_key, p_arrived, p_imported)
    WITH ORDINALITY AS a (request_id, applicant_key, arrived, imported, place)
  -- OFFSET 0 keeps these one look-up by key for each arrival: joined, a plan
  -- made while the tables were small would read all of them.
  LEFT JOIN LATERAL (
    SELECT q.* FROM request q
    WHERE q.agency_id = p_agency AND q.request_id = a.request_id OFFSET 0) r
    ON true
  LEFT JOIN LATERAL (
    SELECT t.number FROM stream t
    WHERE t.agency_id = p_agency AND t.stream_id = r.stream_id OFFSET 0) s
    ON true
  ORDER BY a.place;
END
$$;
GRANT EXECUTE ON FUNCTION append_event, why_not_appended, take_numbers
  TO gongkai_service;
