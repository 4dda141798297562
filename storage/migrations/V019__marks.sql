-- SPDX-License-Identifier: Apache-2.0
-- Whatever is listed or found tells who may see it: labels and restriction come
-- with every case, and with every entry of the log. Cases are found by person.

DROP FUNCTION list_worklist, list_by_due, list_newest, list_by_receipt,
  search_phrase, find_similar, find_earlier, read_log;
ALTER TYPE found_case
  ADD ATTRIBUTE labels smallint[],
  ADD ATTRIBUTE restricted_to text[];

-- The worklist (待办), which is read most: cases whose limit of the agency runs
-- out up to p_due_by, most overdue first. The inner LIMIT is a constant and
-- the other ways are shut, so that the plan made once for all calls walks the
-- index in its order: for an agency of usual size sorting all its limits looks
-- as cheap, and for a large one it takes a thousand times as long.
CREATE FUNCTION list_worklist(
  p_agency text, p_due_by date, p_after_key date, p_after_stream uuid,
  p_limit integer
) RETURNS SETOF found_case LANGUAGE plpgsql STABLE
SET enable_bitmapscan = off SET enable_seqscan = off SET enable_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  RETURN QUERY
  SELECT s.stream_id, s.number, s.version, s.phase, s.outcome,
    s.applicant_kind, s.officer, s.department, s.received_date, s.done_time,
    s.calendar_version, l.kind, l.ordinal, l.whose, l.state, l.start_date,
    l.due, l.provisional, l.due::text, null::text, null::text, null::real,
    null::boolean, s.labels, s.restricted_to
  FROM (
    SELECT * FROM case_limit
    WHERE agency_id = p_agency AND first AND due <= p_due_by
      AND (due, stream_id) > (p_after_key, p_after_stream)
    ORDER BY due, stream_id
    LIMIT 1000) AS l
  JOIN stream s ON s.agency_id = p_agency AND s.stream_id = l.stream_id
  ORDER BY l.due, l.stream_id
  LIMIT p_limit;
END
$$;

-- The general lists: a filter that is null asks nothing. Each call is planned
-- for its own filter, because one plan cannot be good for all of them.

-- By last day, as list_worklist.
CREATE FUNCTION list_by_due(
  p_agency text, p_phases smallint[], p_officer text, p_department text,
  p_due_by date, p_received_from date, p_received_to date, p_outcome smallint,
  p_applicant_kind smallint, p_open_only boolean, p_after_key date,
  p_after_stream uuid, p_limit integer
) RETURNS SETOF found_case LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  RETURN QUERY
  SELECT s.stream_id, s.number, s.version, s.phase, s.outcome,
    s.applicant_kind, s.officer, s.department, s.received_date, s.done_time,
    s.calendar_version, l.kind, l.ordinal, l.whose, l.state, l.start_date,
    l.due, l.provisional, l.due::text, null::text, null::text, null::real,
    null::boolean, s.labels, s.restricted_to
  FROM case_limit l
  JOIN stream s ON s.agency_id = p_agency AND s.stream_id = l.stream_id
  WHERE l.agency_id = p_agency AND l.first AND s.kind = 1
    AND (l.due, l.stream_id) > (p_after_key, p_after_stream)
    AND (p_due_by IS NULL OR l.due <= p_due_by)
    AND (p_phases IS NULL OR s.phase = ANY (p_phases))
    AND (p_officer IS NULL OR (s.officer = p_officer AND s.officer <> ''))
    AND (p_department IS NULL OR s.department = p_department)
    AND (p_received_from IS NULL OR s.received_date >= p_received_from)
    AND (p_received_to IS NULL OR s.received_date <= p_received_to)
    AND (p_outcome IS NULL OR s.outcome = p_outcome)
    AND (p_applicant_kind IS NULL OR s.applicant_kind = p_applicant_kind)
    AND (NOT p_open_only OR s.done_time IS NULL)
  ORDER BY l.due, l.stream_id
  LIMIT p_limit;
END
$$;

-- Newest first, from before p_after_stream when that is not null.
CREATE FUNCTION list_newest(
  p_agency text, p_phases smallint[], p_officer text, p_department text,
  p_due_by date, p_received_from date, p_received_to date, p_outcome smallint,
  p_applicant_kind smallint, p_open_only boolean, p_after_stream uuid,
  p_limit integer
) RETURNS SETOF found_case LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  RETURN QUERY
  SELECT s.stream_id, s.number, s.version, s.phase, s.outcome,
    s.applicant_kind, s.officer, s.department, s.received_date, s.done_time,
    s.calendar_version, l.kind, l.ordinal, l.whose, l.state, l.start_date,
    l.due, l.provisional, ''::text, null::text, null::text, null::real,
    null::boolean, s.labels, s.restricted_to
  FROM stream s
  LEFT JOIN case_limit l
    ON l.agency_id = p_agency AND l.stream_id = s.stream_id AND l.first
  WHERE s.agency_id = p_agency AND s.kind = 1
    AND (p_after_stream IS NULL OR s.stream_id < p_after_stream)
    AND (p_due_by IS NULL OR l.due <= p_due_by)
    AND (p_phases IS NULL OR s.phase = ANY (p_phases))
    AND (p_officer IS NULL OR (s.officer = p_officer AND s.officer <> ''))
    AND (p_department IS NULL OR s.department = p_department)
    AND (p_received_from IS NULL OR s.received_date >= p_received_from)
    AND (p_received_to IS NULL OR s.received_date <= p_received_to)
    AND (p_outcome IS NULL OR s.outcome = p_outcome)
    AND (p_applicant_kind IS NULL OR s.applicant_kind = p_applicant_kind)
    AND (NOT p_open_only OR s.done_time IS NULL)
  ORDER BY s.stream_id DESC
  LIMIT p_limit;
END
$$;

-- By day of receipt, oldest first, those without one last.
CREATE FUNCTION list_by_receipt(
  p_agency text, p_phases smallint[], p_officer text, p_department text,
  p_due_by date, p_received_from date, p_received_to date, p_outcome smallint,
  p_applicant_kind smallint, p_open_only boolean, p_after_key date,
  p_after_stream uuid, p_limit integer
) RETURNS SETOF found_case LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  RETURN QUERY
  SELECT s.stream_id, s.number, s.version, s.phase, s.outcome,
    s.applicant_kind, s.officer, s.department, s.received_date, s.done_time,
    s.calendar_version, l.kind, l.ordinal, l.whose, l.state, l.start_date,
    l.due, l.provisional,
    coalesce(s.received_date, 'infinity'::date)::text, null::text, null::text,
    null::real, null::boolean, s.labels, s.restricted_to
  FROM stream s
  LEFT JOIN case_limit l
    ON l.agency_id = p_agency AND l.stream_id = s.stream_id AND l.first
  WHERE s.agency_id = p_agency AND s.kind = 1
    AND (coalesce(s.received_date, 'infinity'::date), s.stream_id)
        > (p_after_key, p_after_stream)
    AND (p_due_by IS NULL OR l.due <= p_due_by)
    AND (p_phases IS NULL OR s.phase = ANY (p_phases))
    AND (p_officer IS NULL OR (s.officer = p_officer AND s.officer <> ''))
    AND (p_department IS NULL OR s.department = p_department)
    AND (p_received_from IS NULL
      OR coalesce(s.received_date, 'infinity'::date) >= p_received_from)
    AND (p_received_to IS NULL
      OR coalesce(s.received_date, 'infinity'::date) <= p_received_to)
    AND (p_outcome IS NULL OR s.outcome = p_outcome)
    AND (p_applicant_kind IS NULL OR s.applicant_kind = p_applicant_kind)
    AND (NOT p_open_only OR s.done_time IS NULL)
  ORDER BY coalesce(s.received_date, 'infinity'::date), s.stream_id
  LIMIT p_limit;
END
$$;
GRANT EXECUTE ON FUNCTION list_worklist, list_by_due, list_newest,
  list_by_receipt TO gongkai_service, gongkai_auditor;

-- Cases in whose content or applicant the phrase stands literally, newest
-- first. p_words narrows by index; null when the phrase has no whole word.
CREATE FUNCTION search_phrase(
  p_agency text, p_phrase text, p_words tsquery, p_after_stream uuid,
  p_limit integer
) RETURNS SETOF found_case LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  RETURN QUERY
  SELECT s.stream_id, s.number, s.version, s.phase, s.outcome,
    s.applicant_kind, s.officer, s.department, s.received_date, s.done_time,
    s.calendar_version, l.kind, l.ordinal, l.whose, l.state, l.start_date,
    l.due, l.provisional, ''::text, t.applicant_name,
    substr(t.content, greatest(strpos(t.content, p_phrase) - 16, 1), 40),
    null::real, null::boolean, s.labels, s.restricted_to
  FROM (
    SELECT * FROM public.case_text c
    WHERE c.agency_id = p_agency
      AND (p_words IS NULL OR c.grams @@ p_words)
      AND (strpos(c.content, p_phrase) > 0
        OR strpos(c.applicant_name, p_phrase) > 0)
      AND (p_after_stream IS NULL OR c.stream_id < p_after_stream)
    ORDER BY c.stream_id DESC
    LIMIT p_limit) AS t
  JOIN public.stream s
    ON s.agency_id = p_agency AND s.stream_id = t.stream_id
  LEFT JOIN public.case_limit l
    ON l.agency_id = p_agency AND l.stream_id = t.stream_id AND l.first
  ORDER BY t.stream_id DESC;
END
$$;

-- Like cases of the agency: among those that share a rare word, the most alike
-- by trigrams, at least 0.2.
CREATE FUNCTION find_similar(p_agency text, p_stream uuid, p_limit integer)
RETURNS SETOF found_case LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  v_own public.case_text;
  v_words tsquery;
BEGIN
  SELECT * INTO v_own FROM public.case_text
  WHERE agency_id = p_agency AND stream_id = p_stream;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  v_words := public.rare_words(v_own.grams);
  RETURN QUERY
  SELECT s.stream_id, s.number, s.version, s.phase, s.outcome,
    s.applicant_kind, s.officer, s.department, s.received_date, s.done_time,
    s.calendar_version, l.kind, l.ordinal, l.whose, l.state, l.start_date,
    l.due, l.provisional, ''::text, t.applicant_name, t.content, t.score,
    t.applicant_key = v_own.applicant_key, s.labels, s.restricted_to
  FROM (
    SELECT c.*, similarity(c.content, v_own.content) AS score
    FROM (
      SELECT * FROM public.case_text
      WHERE agency_id = p_agency AND grams @@ v_words
        AND stream_id <> p_stream
      LIMIT 2000) AS c) AS t
  JOIN public.stream s
    ON s.agency_id = p_agency AND s.stream_id = t.stream_id
  LEFT JOIN public.case_limit l
    ON l.agency_id = p_agency AND l.stream_id = t.stream_id AND l.first
  WHERE t.score >= 0.2
  ORDER BY t.score DESC, t.stream_id DESC
  LIMIT p_limit;
END
$$;

-- Earlier cases of the same applicant, at most 20 of the newest 500, most
-- alike first. The first row holds only, in version, how many others asked the
-- same words before. Nobody knows any more who applied in an erased case.
CREATE FUNCTION find_earlier(p_agency text, p_stream uuid)
RETURNS SETOF found_case LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
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
    l.due, l.provisional, ''::text, t.applicant_name, t.content, t.score, true,
    s.labels, s.restricted_to
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

-- Cases whose applicant or agent has the key, newest first, from before
-- p_after_stream when that is not null.
CREATE FUNCTION find_by_person(
  p_agency text, p_kind smallint, p_digest bytea, p_after_stream uuid,
  p_limit integer
) RETURNS SETOF found_case LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  RETURN QUERY
  SELECT s.stream_id, s.number, s.version, s.phase, s.outcome,
    s.applicant_kind, s.officer, s.department, s.received_date, s.done_time,
    s.calendar_version, l.kind, l.ordinal, l.whose, l.state, l.start_date,
    l.due, l.provisional, ''::text, t.applicant_name, null::text, null::real,
    null::boolean, s.labels, s.restricted_to
  FROM (
    SELECT k.stream_id FROM person_key k
    WHERE k.agency_id = p_agency AND k.kind = p_kind AND k.digest = p_digest
      AND k.stream_id < coalesce(
        p_after_stream, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    ORDER BY k.stream_id DESC
    LIMIT p_limit) AS f
  JOIN stream s ON s.agency_id = p_agency AND s.stream_id = f.stream_id
  JOIN case_text t ON t.agency_id = p_agency AND t.stream_id = f.stream_id
  LEFT JOIN case_limit l
    ON l.agency_id = p_agency AND l.stream_id = f.stream_id AND l.first
  ORDER BY f.stream_id DESC;
END
$$;

-- Events of the log after a place; an empty agency is all.
CREATE FUNCTION read_log(p_after bigint, p_agency text, p_max integer)
RETURNS TABLE (
  log_index bigint, agency_id text, stream_id uuid, number text, kind smallint,
  seq bigint, type smallint, occurred_date date, recorded_time timestamptz,
  department text, labels smallint[], restricted_to text[]
) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT f.log_index, f.agency_id, f.stream_id, s.number, s.kind, f.seq,
    e.type, e.occurred_date, e.recorded_time, s.department, s.labels,
    s.restricted_to
  FROM (
    SELECT * FROM public.log_leaf
    WHERE log_id = 1 AND log_leaf.log_index > p_after AND log_leaf.kind = 1
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

GRANT EXECUTE ON FUNCTION search_phrase, find_similar, find_earlier,
  find_by_person, read_log TO gongkai_service, gongkai_auditor;
