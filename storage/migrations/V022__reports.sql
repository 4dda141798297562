-- SPDX-License-Identifier: Apache-2.0
-- What reports read: of all agencies, under a role of their own that reads and
-- never writes. It sees no private part and no word of an application.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gongkai_report') THEN
    RAISE EXCEPTION 'the role gongkai_report is missing: make it as superuser (CREATE ROLE gongkai_report LOGIN) and migrate again';
  END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO gongkai_report;
GRANT SELECT ON stream, event, case_limit, filed_return TO gongkai_report;
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['stream', 'event', 'case_limit', 'filed_return'] LOOP
    EXECUTE format(
      'CREATE POLICY reports ON %I FOR SELECT TO gongkai_report USING (true)',
      t);
  END LOOP;
END
$$;

-- Open duties of the agency, what runs out first first and those without a
-- last day at the end. Only they: every case has a transfer to the archives
-- ahead (kind 29), and few have anything else, so that this index is small and
-- most limits that acts replace are not in it.
CREATE INDEX case_limit_duty ON case_limit (
  agency_id, (coalesce(due, 'infinity'::date)), stream_id, kind, ordinal)
  INCLUDE (due) WHERE whose = 1 AND kind <> 29;
-- Cases that were open at a moment of the past.
CREATE INDEX stream_done ON stream (agency_id, done_time, opened_time)
  WHERE kind = 1 AND done_time IS NOT NULL;
-- Cases whose handling has not ended: few, and all in the return of any year.
CREATE INDEX stream_unfinished ON stream (agency_id, received_date)
  INCLUDE (applicant_kind, counted) WHERE kind = 1 AND finished_date IS NULL;
-- Who asked what in a period, without the words.
CREATE INDEX case_text_arrived ON case_text (agency_id, arrived)
  INCLUDE (stream_id, content_key, applicant_key);

-- A case as reports see it.
CREATE VIEW report_case WITH (security_invoker = true) AS
  SELECT agency_id, stream_id, number, version, phase, outcome, applicant_kind,
    officer, department, received_date, done_time, calendar_version, labels,
    restricted_to, finished_date, return_row, counted, remedies, fees
  FROM stream WHERE kind = 1;
GRANT SELECT ON report_case TO gongkai_report;

-- Whether a live limit is asked for: its kind, and that it has not fallen away
-- with its last day. p_kinds null is every kind but the transfer to the
-- archives.
CREATE FUNCTION limit_asked(
  l_kind smallint, l_due date, p_kinds smallint[], p_lapsing smallint[],
  p_today date
) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_kinds IS NULL THEN l_kind <> 29
      ELSE l_kind = ANY (p_kinds) END
    AND (l_due IS NULL OR l_due >= p_today OR l_kind <> ALL (p_lapsing))
$$;

-- Whether its case is: what is null asks nothing.
CREATE FUNCTION case_asked(
  s_department text, s_officer text, s_phase smallint, p_department text,
  p_officer text, p_phases smallint[]
) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT (p_department IS NULL OR s_department = p_department)
    AND (p_officer IS NULL OR s_officer = p_officer)
    AND (p_phases IS NULL OR s_phase = ANY (p_phases))
$$;

-- Open duties of the agency by last day, agency, case, kind and ordinal, after a
-- place. Of each agency the first p_limit are taken from the index in its order,
-- and of these the first of all: a page of two hundred agencies reads no more
-- than that. The other ways are shut, so that the plan made once walks the
-- index. Without transfers to the archives: those are among list_limits.
CREATE FUNCTION list_duties(
  p_agencies text[], p_kinds smallint[], p_department text, p_officer text,
  p_phases smallint[], p_due_by date, p_lapsing smallint[], p_today date,
  p_after_due date, p_after_agency text, p_after_stream uuid,
  p_after_kind smallint, p_after_ordinal smallint, p_limit integer
) RETURNS TABLE (of_case report_case, of_limit case_limit)
LANGUAGE plpgsql STABLE
SET enable_bitmapscan = off SET enable_seqscan = off SET enable_sort = off
SET enable_incremental_sort = off SET enable_hashjoin = off
SET enable_mergejoin = off SET enable_memoize = off SET enable_material = off
AS $$
DECLARE
  v_any boolean := p_department IS NULL AND p_officer IS NULL
    AND p_phases IS NULL;
BEGIN
  RETURN QUERY
  SELECT r, m
  FROM (
    SELECT t.* FROM unnest(p_agencies) AS a (agency)
    CROSS JOIN LATERAL (
      SELECT l.agency_id, l.stream_id, l.kind, l.ordinal,
        coalesce(l.due, 'infinity'::date) AS last_day
      FROM case_limit l
      WHERE l.agency_id = a.agency AND l.whose = 1 AND l.kind <> 29
        AND coalesce(l.due, 'infinity'::date) <= p_due_by
        AND (coalesce(l.due, 'infinity'::date), l.stream_id, l.kind, l.ordinal)
          > (p_after_due,
             CASE WHEN a.agency < p_after_agency COLLATE "C"
               THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid
               WHEN a.agency > p_after_agency COLLATE "C"
               THEN '00000000-0000-0000-0000-000000000000'::uuid
               ELSE p_after_stream END,
             p_after_kind, p_after_ordinal)
        AND limit_asked(l.kind, l.due, p_kinds, p_lapsing, p_today)
        AND (v_any OR (
          SELECT case_asked(s.department, s.officer, s.phase, p_department,
            p_officer, p_phases)
          FROM stream s
          WHERE s.agency_id = l.agency_id AND s.stream_id = l.stream_id))
      ORDER BY coalesce(l.due, 'infinity'::date), l.stream_id, l.kind,
        l.ordinal
      LIMIT p_limit) AS t
    ORDER BY t.last_day, t.agency_id, t.stream_id, t.kind, t.ordinal
    LIMIT p_limit) AS f
  JOIN case_limit m ON m.agency_id = f.agency_id
    AND m.stream_id = f.stream_id AND m.kind = f.kind
    AND m.ordinal = f.ordinal
  JOIN report_case r ON r.agency_id = f.agency_id
    AND r.stream_id = f.stream_id
  ORDER BY f.last_day, f.agency_id, f.stream_id, f.kind, f.ordinal;
END
$$;

-- As list_duties, of any limits: of anybody (p_whose null) or of one side.
-- Asked for seldom; every limit of the agencies is looked at.
CREATE FUNCTION list_limits(
  p_agencies text[], p_kinds smallint[], p_department text, p_officer text,
  p_phases smallint[], p_due_by date, p_lapsing smallint[], p_today date,
  p_after_due date, p_after_agency text, p_after_stream uuid,
  p_after_kind smallint, p_after_ordinal smallint, p_limit integer,
  p_whose smallint
) RETURNS TABLE (of_case report_case, of_limit case_limit)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET enable_seqscan = on AS $$
DECLARE
  v_any boolean := p_department IS NULL AND p_officer IS NULL
    AND p_phases IS NULL;
BEGIN
  RETURN QUERY
  SELECT r, m
  FROM (
    SELECT l.agency_id, l.stream_id, l.kind, l.ordinal,
      coalesce(l.due, 'infinity'::date) AS last_day
    FROM case_limit l
    WHERE l.agency_id = ANY (p_agencies)
      AND (p_whose IS NULL OR l.whose = p_whose)
      AND coalesce(l.due, 'infinity'::date) <= p_due_by
      AND (coalesce(l.due, 'infinity'::date), l.agency_id, l.stream_id, l.kind,
           l.ordinal)
        > (p_after_due, p_after_agency, p_after_stream, p_after_kind,
           p_after_ordinal)
      AND limit_asked(l.kind, l.due, p_kinds, p_lapsing, p_today)
      AND (v_any OR (
        SELECT case_asked(s.department, s.officer, s.phase, p_department,
          p_officer, p_phases)
        FROM stream s
        WHERE s.agency_id = l.agency_id AND s.stream_id = l.stream_id))
    ORDER BY coalesce(l.due, 'infinity'::date), l.agency_id, l.stream_id,
      l.kind, l.ordinal
    LIMIT p_limit) AS f
  JOIN case_limit m ON m.agency_id = f.agency_id
    AND m.stream_id = f.stream_id AND m.kind = f.kind
    AND m.ordinal = f.ordinal
  JOIN report_case r ON r.agency_id = f.agency_id
    AND r.stream_id = f.stream_id
  ORDER BY f.last_day, f.agency_id, f.stream_id, f.kind, f.ordinal;
END
$$;

-- The limits of either list counted by all that tells who may see them and how
-- late they are.
CREATE FUNCTION count_duties(
  p_agencies text[], p_kinds smallint[], p_department text, p_officer text,
  p_phases smallint[], p_due_by date, p_lapsing smallint[], p_today date
) RETURNS TABLE (
  agency_id text, department text, officer text, due date,
  restricted_to text[], labels smallint[], limits bigint
) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET work_mem = '32MB'
AS $$
BEGIN
  RETURN QUERY
  SELECT r.agency_id, r.department, r.officer, l.due, r.restricted_to,
    r.labels, count(*)
  FROM unnest(p_agencies) AS a (agency)
  JOIN case_limit l ON l.agency_id = a.agency AND l.whose = 1 AND l.kind <> 29
  JOIN report_case r ON r.agency_id = l.agency_id AND r.stream_id = l.stream_id
  WHERE coalesce(l.due, 'infinity'::date) <= p_due_by
    AND limit_asked(l.kind, l.due, p_kinds, p_lapsing, p_today)
    AND case_asked(r.department, r.officer, r.phase, p_department, p_officer,
      p_phases)
  GROUP BY r.agency_id, r.department, r.officer, l.due,
    r.restricted_to, r.labels;
END
$$;
CREATE FUNCTION count_limits(
  p_agencies text[], p_kinds smallint[], p_department text, p_officer text,
  p_phases smallint[], p_due_by date, p_lapsing smallint[], p_today date,
  p_whose smallint
) RETURNS TABLE (
  agency_id text, department text, officer text, due date,
  restricted_to text[], labels smallint[], limits bigint
) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET enable_seqscan = on
SET work_mem = '32MB' AS $$
BEGIN
  RETURN QUERY
  SELECT r.agency_id, r.department, r.officer, l.due, r.restricted_to,
    r.labels, count(*)
  FROM case_limit l
  JOIN report_case r ON r.agency_id = l.agency_id AND r.stream_id = l.stream_id
  WHERE l.agency_id = ANY (p_agencies)
    AND (p_whose IS NULL OR l.whose = p_whose)
    AND coalesce(l.due, 'infinity'::date) <= p_due_by
    AND limit_asked(l.kind, l.due, p_kinds, p_lapsing, p_today)
    AND case_asked(r.department, r.officer, r.phase, p_department, p_officer,
      p_phases)
  GROUP BY r.agency_id, r.department, r.officer, l.due,
    r.restricted_to, r.labels;
END
$$;

-- Cases that may have had a duty of the agency at p_then: those not done then,
-- and those that have one now, done or not.
CREATE FUNCTION open_then(p_agencies text[], p_then timestamptz)
RETURNS TABLE (agency_id text, stream_id uuid, number text)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  RETURN QUERY
  SELECT a.agency, o.stream_id, o.number
  FROM unnest(p_agencies) AS a (agency)
  CROSS JOIN LATERAL (
    SELECT s.stream_id, s.number FROM stream s
    WHERE s.agency_id = a.agency AND s.kind = 1 AND s.done_time IS NULL
      AND s.opened_time <= p_then
    UNION ALL
    SELECT s.stream_id, s.number FROM stream s
    WHERE s.agency_id = a.agency AND s.kind = 1 AND s.done_time > p_then
      AND s.opened_time <= p_then
    UNION ALL
    SELECT s.stream_id, s.number
    FROM (
      SELECT DISTINCT l.stream_id FROM case_limit l
      WHERE l.agency_id = a.agency AND l.whose = 1 AND l.kind <> 29) AS d
    JOIN stream s ON s.agency_id = a.agency AND s.stream_id = d.stream_id
    WHERE s.kind = 1 AND s.done_time <= p_then) AS o
  ORDER BY a.agency COLLATE "C", o.stream_id;
END
$$;

-- The events of cases until a moment, with the place of each case in the
-- arguments. In their order as it comes: sorting would go to disk.
CREATE FUNCTION histories(
  p_agency text[], p_stream uuid[], p_until timestamptz
) RETURNS TABLE (
  place bigint, seq bigint, type smallint, event_id uuid, request_id uuid,
  recorded_time timestamptz, occurred_date date, record bytea, hash bytea,
  leaf_hash bytea
) LANGUAGE plpgsql STABLE
SET enable_bitmapscan = off SET enable_seqscan = off SET enable_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  RETURN QUERY
  SELECT c.place, e.seq, e.type, e.event_id, e.request_id, e.recorded_time,
    e.occurred_date, e.record, e.hash, e.leaf_hash
  FROM unnest(p_agency, p_stream) WITH ORDINALITY AS c (agency, stream, place)
  CROSS JOIN LATERAL (
    SELECT * FROM event v
    WHERE v.agency_id = c.agency AND v.stream_id = c.stream
      AND v.recorded_time <= p_until
    ORDER BY v.seq) AS e;
END
$$;

GRANT EXECUTE ON FUNCTION limit_asked, case_asked, list_duties, list_limits,
  count_duties, count_limits, open_then, histories TO gongkai_report;
