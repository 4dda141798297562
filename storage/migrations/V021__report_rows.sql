-- SPDX-License-Identifier: Apache-2.0
-- What the annual return (年度报告) is counted by, beside what a case is listed
-- by; and the returns that were filed.

-- Rows from before have row_version 0, and what is said here of them does not
-- follow from their events yet: refresh_case_row brings them up to date.
ALTER TABLE stream
  ADD COLUMN finished_date date,
  ADD COLUMN return_row smallint NOT NULL DEFAULT 0,
  ADD COLUMN row_version smallint NOT NULL DEFAULT 0,
  ADD COLUMN counted boolean NOT NULL DEFAULT true,
  ADD COLUMN remedies boolean NOT NULL DEFAULT false,
  ADD COLUMN fees boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN stream.finished_date IS 'Day on which handling ended; none while open.';
COMMENT ON COLUMN stream.return_row IS 'Row of table 3 of the annual return that the result is counted in, 3 to 23; 0 while there is none.';
COMMENT ON COLUMN stream.row_version IS 'By which rules the row was made from its events: 1 now, 0 from before the columns of the annual return.';
COMMENT ON COLUMN stream.counted IS 'Received, and no reopened sub-case: those were counted when the case that they reopen was.';
COMMENT ON COLUMN stream.remedies IS 'A review or lawsuit was opened.';
COMMENT ON COLUMN stream.fees IS 'A fee was charged.';

-- Each of these names columns that change once in the life of a case, or
-- never, so that acts go on updating the row in place.
-- Table 3 is counted by these two alone, without the rows.
CREATE INDEX stream_return ON stream (agency_id, received_date)
  INCLUDE (finished_date, return_row, applicant_kind)
  WHERE kind = 1 AND counted;
CREATE INDEX stream_finished ON stream (agency_id, finished_date)
  INCLUDE (received_date, return_row, applicant_kind, counted)
  WHERE kind = 1 AND finished_date IS NOT NULL;
-- The few cases that table 4 and the fees are folded from.
CREATE INDEX stream_remedies ON stream (agency_id, opened_time)
  WHERE kind = 1 AND remedies;
CREATE INDEX stream_fees ON stream (agency_id, opened_time)
  WHERE kind = 1 AND fees;
-- What is still to be brought up to date; empty soon after.
CREATE INDEX stream_stale ON stream (agency_id, stream_id)
  WHERE kind = 1 AND row_version < 1;

CREATE TABLE filed_return (
  agency_id text COLLATE "C" NOT NULL,
  year smallint NOT NULL,
  edition smallint NOT NULL,
  stream_id uuid NOT NULL,
  seq bigint NOT NULL,
  filed_time timestamptz NOT NULL,
  filed_by text COLLATE "C" NOT NULL,
  document bytea NOT NULL,
  cases bytea NOT NULL,
  PRIMARY KEY (agency_id, year, edition)
);
COMMENT ON TABLE filed_return IS 'Annual returns as they were filed (年度报告报送), append-only. Their events hold the digests.';
COMMENT ON COLUMN filed_return.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN filed_return.year IS 'Year of the return.';
COMMENT ON COLUMN filed_return.edition IS '1 as first filed, one more for each restatement.';
COMMENT ON COLUMN filed_return.stream_id IS 'Stream of the event: the agency''s own.';
COMMENT ON COLUMN filed_return.seq IS 'The event.';
COMMENT ON COLUMN filed_return.filed_time IS 'Record time of the event.';
COMMENT ON COLUMN filed_return.filed_by IS 'Account that filed it.';
COMMENT ON COLUMN filed_return.document IS 'The serialized return.';
COMMENT ON COLUMN filed_return.cases IS 'The list of cases behind its cells.';
CREATE TRIGGER filed_return_append_only BEFORE UPDATE OR DELETE ON filed_return
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER filed_return_no_truncate BEFORE TRUNCATE ON filed_return
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE filed_return ENABLE ALWAYS TRIGGER filed_return_append_only;
ALTER TABLE filed_return ENABLE ALWAYS TRIGGER filed_return_no_truncate;

GRANT SELECT, INSERT ON filed_return TO gongkai_service;
GRANT SELECT ON filed_return TO gongkai_auditor;
ALTER TABLE filed_return ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON filed_return TO gongkai_service
  USING (agency_id = current_setting('gongkai.agency', true))
  WITH CHECK (agency_id = current_setting('gongkai.agency', true));
CREATE POLICY all_agencies ON filed_return FOR SELECT TO gongkai_auditor
  USING (true);

DROP FUNCTION append_event;
-- Appends one event to one stream with all that follows from it. Returns 1
-- when appended (also when this very event is there already, so that a lost
-- answer may be asked for again), 2 when the version has moved on, 3 when the
-- request was carried out before, 4 when the number is taken. A request that
-- two streams race for ends in a violation of request_pkey. Salt and
-- payload empty mean no private part, an empty mac that the request is not
-- remembered; null limits and null content leave what is there, persons too. A
-- data key is given (p_outer not null) for a stream that has none; should it
-- have one now, data_key_pkey is violated. A return that is filed
-- (p_filed_year not null) is kept beside its event.
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
  p_applicant_key bytea, p_content_key bytea,
  p_labels smallint[], p_restricted text[], p_person_kind smallint[],
  p_person_digest bytea[], p_outer integer, p_wrapped bytea,
  p_finished date, p_return_row smallint, p_counted boolean,
  p_remedies boolean, p_fees boolean,
  p_filed_year smallint, p_filed_edition smallint, p_filed_document bytea,
  p_filed_cases bytea, p_filed_by text
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
      calendar_version = p_calendar, labels = p_labels,
      restricted_to = p_restricted, finished_date = p_finished,
      return_row = p_return_row, counted = p_counted,
      remedies = p_remedies, fees = p_fees, row_version = 1
    WHERE agency_id = p_agency AND stream_id = p_stream
      AND version = p_expected;
  ELSE
    INSERT INTO stream (
      agency_id, stream_id, version, opened_time, done_time, received_date,
      kind, phase, outcome, applicant_kind, number, head, officer, department,
      calendar_version, labels, restricted_to, finished_date, return_row,
      counted, remedies, fees, row_version)
    VALUES (
      p_agency, p_stream, 1, p_recorded, p_done, p_received,
      p_kind, p_phase, p_outcome, p_applicant_kind, p_number, p_hash,
      p_officer, p_department, p_calendar, p_labels, p_restricted,
      p_finished, p_return_row, p_counted, p_remedies, p_fees, 1)
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
  IF p_salt <> '' OR p_payload <> '' THEN
    INSERT INTO private_part (agency_id, stream_id, seq, salt, payload)
    VALUES (p_agency, p_stream, p_expected + 1, p_salt, p_payload);
  END IF;
  IF p_outer IS NOT NULL THEN
    INSERT INTO data_key (agency_id, stream_id, outer_key, wrapped)
    VALUES (p_agency, p_stream, p_outer, p_wrapped);
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
    IF p_expected > 0 THEN
      DELETE FROM person_key
      WHERE agency_id = p_agency AND stream_id = p_stream;
    END IF;
    IF p_person_kind <> '{}' THEN
      INSERT INTO person_key (agency_id, stream_id, kind, digest)
      SELECT p_agency, p_stream, k.*
      FROM unnest(p_person_kind, p_person_digest) AS k;
    END IF;
  END IF;

  IF p_filed_year IS NOT NULL THEN
    INSERT INTO filed_return (
      agency_id, year, edition, stream_id, seq, filed_time, filed_by,
      document, cases)
    VALUES (
      p_agency, p_filed_year, p_filed_edition, p_stream, p_expected + 1,
      p_recorded, p_filed_by, p_filed_document, p_filed_cases);
  END IF;
  RETURN 1;
END
$$;

GRANT EXECUTE ON FUNCTION append_event TO gongkai_service;

-- Cases whose rows are from before, of all agencies, for the job that brings
-- them up to date.
CREATE FUNCTION stale_cases(
  p_after_agency text, p_after_stream uuid, p_limit integer
) RETURNS TABLE (agency_id text, stream_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.agency_id, s.stream_id FROM public.stream s
  WHERE s.kind = 1 AND s.row_version < 1
    AND (s.agency_id, s.stream_id) > (p_after_agency COLLATE "C", p_after_stream)
  ORDER BY s.agency_id, s.stream_id LIMIT least(p_limit, 1000)
$$;

-- How many there are.
CREATE FUNCTION count_stale_cases() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT count(*) FROM public.stream WHERE kind = 1 AND row_version < 1
$$;

-- Brings the row of a case up to date, as the append of its last event would
-- have written it, while the case stands at p_version; false when it has moved
-- on or was up to date already.
CREATE FUNCTION refresh_case_row(
  p_agency text, p_stream uuid, p_version bigint, p_finished date,
  p_return_row smallint, p_counted boolean, p_remedies boolean, p_fees boolean
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  UPDATE stream SET
    finished_date = p_finished, return_row = p_return_row,
    counted = p_counted, remedies = p_remedies, fees = p_fees, row_version = 1
  WHERE agency_id = p_agency AND stream_id = p_stream
    AND version = p_version AND kind = 1 AND row_version < 1;
  RETURN FOUND;
END
$$;

GRANT EXECUTE ON FUNCTION stale_cases, count_stale_cases, refresh_case_row
  TO gongkai_service;
