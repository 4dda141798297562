-- SPDX-License-Identifier: Apache-2.0
-- Lists of cases. They run with the caller's rights, under the policies.

-- One case found. Columns that a question does not ask for are null.
CREATE TYPE found_case AS (
  stream_id uuid, number text, version bigint, phase smallint,
  outcome smallint, applicant_kind smallint, officer text, department text,
  received_date date, done_time timestamptz, calendar_version text,
  limit_kind smallint, limit_ordinal smallint, limit_whose smallint,
  limit_state smallint, limit_start date, limit_due date,
  limit_provisional boolean,
  order_key text, applicant_name text, words text, score real,
  same_applicant boolean
);

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
    null::boolean
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
    null::boolean
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
    null::boolean
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
    null::real, null::boolean
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
