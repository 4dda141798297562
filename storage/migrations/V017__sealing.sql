-- SPDX-License-Identifier: Apache-2.0
-- Sealed private parts (落库加密): each stream has a data key, wrapped under a key
-- that lies outside the database. And who may see a case, beside what it is
-- listed by; and the persons that a case can be found by.

CREATE TABLE data_key (
  agency_id text COLLATE "C" NOT NULL,
  stream_id uuid NOT NULL,
  outer_key integer NOT NULL,
  wrapped bytea NOT NULL,
  PRIMARY KEY (agency_id, stream_id)
);
COMMENT ON TABLE data_key IS 'The key that seals the private parts of a stream; none when it has none. Destroyed with the last of them.';
COMMENT ON COLUMN data_key.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN data_key.stream_id IS 'The stream.';
COMMENT ON COLUMN data_key.outer_key IS 'Number of the outer key that wraps it.';
COMMENT ON COLUMN data_key.wrapped IS 'The wrapped key.';
-- For the job that wraps keys anew under a newer outer key.
CREATE INDEX data_key_outer ON data_key (outer_key);

CREATE TABLE person_key (
  agency_id text COLLATE "C" NOT NULL,
  stream_id uuid NOT NULL,
  kind smallint NOT NULL,
  digest bytea NOT NULL,
  PRIMARY KEY (agency_id, kind, digest, stream_id)
);
COMMENT ON TABLE person_key IS 'Blind indexes (盲索引): keyed digests of what names applicants and agents. Found by equality alone.';
COMMENT ON COLUMN person_key.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN person_key.stream_id IS 'The case.';
COMMENT ON COLUMN person_key.kind IS '1 identity number, 2 telephone.';
COMMENT ON COLUMN person_key.digest IS 'Keyed digest of the normalized text.';
CREATE INDEX person_key_stream ON person_key (agency_id, stream_id);

-- Not indexed, so that acts go on updating the row in place.
ALTER TABLE stream
  ADD COLUMN labels smallint[] NOT NULL DEFAULT '{}',
  ADD COLUMN restricted_to text[] COLLATE "C" NOT NULL DEFAULT '{}';
COMMENT ON COLUMN stream.labels IS 'Values of v1.Label, ascending.';
COMMENT ON COLUMN stream.restricted_to IS 'Accounts that alone may see the case; empty when it is not restricted.';

COMMENT ON COLUMN private_part.salt IS '32 random bytes of the commitment; empty when payload is sealed.';
COMMENT ON COLUMN private_part.payload IS 'Salt and private part of the event, sealed with the data key of the stream; with a salt of its own the bare private part, from before there were keys.';
-- What is still to be sealed.
CREATE INDEX private_part_plain ON private_part (agency_id, stream_id, seq)
  WHERE octet_length(salt) > 0;

GRANT SELECT, INSERT ON data_key TO gongkai_service;
GRANT SELECT, INSERT, DELETE ON person_key TO gongkai_service;
GRANT SELECT ON data_key, person_key TO gongkai_auditor;
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['data_key', 'person_key'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY own_agency ON %I TO gongkai_service
         USING (agency_id = current_setting(''gongkai.agency'', true))
         WITH CHECK (agency_id = current_setting(''gongkai.agency'', true))', t);
    EXECUTE format(
      'CREATE POLICY all_agencies ON %I FOR SELECT TO gongkai_auditor
         USING (true)', t);
  END LOOP;
END
$$;

DROP FUNCTION append_event;
-- Appends one event to one stream with all that follows from it. Returns 1
-- when appended (also when this very event is there already, so that a lost
-- answer may be asked for again), 2 when the version has moved on, 3 when the
-- request was carried out before, 4 when the number is taken. A request that
-- two streams race for ends in a violation of request_pkey. Salt and
-- payload empty mean no private part, an empty mac that the request is not
-- remembered; null limits and null content leave what is there, persons too. A
-- data key is given (p_outer not null) for a stream that has none; should it
-- have one now, data_key_pkey is violated.
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
  p_person_digest bytea[], p_outer integer, p_wrapped bytea
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
      restricted_to = p_restricted
    WHERE agency_id = p_agency AND stream_id = p_stream
      AND version = p_expected;
  ELSE
    INSERT INTO stream (
      agency_id, stream_id, version, opened_time, done_time, received_date,
      kind, phase, outcome, applicant_kind, number, head, officer, department,
      calendar_version, labels, restricted_to)
    VALUES (
      p_agency, p_stream, 1, p_recorded, p_done, p_received,
      p_kind, p_phase, p_outcome, p_applicant_kind, p_number, p_hash,
      p_officer, p_department, p_calendar, p_labels, p_restricted)
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
  RETURN 1;
END
$$;

GRANT EXECUTE ON FUNCTION append_event TO gongkai_service;

DROP FUNCTION load_history;
-- Of the first row: the count of revocations and the stream's data key.
ALTER TYPE history_row
  ADD ATTRIBUTE revocation bigint,
  ADD ATTRIBUTE outer_key integer,
  ADD ATTRIBUTE wrapped bytea;

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
      AND stream_id = '00000000-0000-7000-8000-000000000002'),
    (SELECT raised FROM revocation WHERE revocation_id = 1),
    k.outer_key, k.wrapped
  INTO v.national_calendar, v.local_calendar, v.terms, v.revocation,
    v.outer_key, v.wrapped
  FROM (VALUES (1)) AS one
  LEFT JOIN data_key k
    ON k.agency_id = p_agency AND k.stream_id = v.stream_id;
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
      null::bigint, null::bigint, null::bigint, null::bigint, null::integer,
      null::bytea
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
      null::bigint, null::bigint, null::bigint, null::bigint, null::integer,
      null::bytea
    FROM event e
    WHERE e.agency_id = p_agency AND e.stream_id = v.stream_id
    ORDER BY e.seq;
  END IF;
END
$$;

GRANT EXECUTE ON FUNCTION load_history TO gongkai_service, gongkai_auditor;

-- Destroys salt and private part of the named events, the digests of the
-- requests that caused them, and the words and persons of the case when p_words.
-- With the last of a stream's private parts goes its data key, so that no copy
-- of what was sealed opens any more. For the owner alone; returns how many
-- private parts were there.
CREATE OR REPLACE FUNCTION destroy_private(
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
    DELETE FROM public.person_key
    WHERE agency_id = p_agency AND stream_id = p_stream;
  END IF;
  IF NOT EXISTS (
    SELECT FROM public.private_part
    WHERE agency_id = p_agency AND stream_id = p_stream
      AND erased_time IS NULL) THEN
    DELETE FROM public.data_key
    WHERE agency_id = p_agency AND stream_id = p_stream;
  END IF;
  RETURN v_destroyed;
END
$$;
