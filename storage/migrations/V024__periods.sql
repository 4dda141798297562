-- SPDX-License-Identifier: Apache-2.0
-- What reports read of periods: the annual return, cases by their days, like
-- ones, and returns as they were filed. Each call is planned for itself: one
-- agency and a whole city want other ways.

-- Table 3 of the year from p_from to p_to: 0 received, 1 finished (with the row
-- of the result), 2 open at its end. Sub-cases are not newly received.
CREATE FUNCTION count_return(p_agencies text[], p_from date, p_to date)
RETURNS TABLE (
  what integer, agency_id text, applicant_kind smallint, return_row smallint,
  cases bigint
) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET enable_seqscan = on
SET work_mem = '32MB' AS $$
BEGIN
  RETURN QUERY
  SELECT 0, s.agency_id, s.applicant_kind, 0::smallint, count(*)
  FROM stream s
  WHERE s.agency_id = ANY (p_agencies) AND s.kind = 1 AND s.counted
    AND s.received_date BETWEEN p_from AND p_to
  GROUP BY s.agency_id, s.applicant_kind
  UNION ALL
  SELECT 1, s.agency_id, s.applicant_kind, s.return_row, count(*)
  FROM stream s
  WHERE s.agency_id = ANY (p_agencies) AND s.kind = 1 AND s.counted
    AND s.received_date IS NOT NULL
    AND s.finished_date BETWEEN p_from AND p_to
  GROUP BY s.agency_id, s.applicant_kind, s.return_row
  UNION ALL
  SELECT 2, o.agency_id, o.applicant_kind, 0::smallint, count(*)
  FROM (
    SELECT s.agency_id, s.applicant_kind FROM stream s
    WHERE s.agency_id = ANY (p_agencies) AND s.kind = 1 AND s.counted
      AND s.received_date <= p_to AND s.finished_date > p_to
    UNION ALL
    SELECT s.agency_id, s.applicant_kind FROM stream s
    WHERE s.agency_id = ANY (p_agencies) AND s.kind = 1 AND s.counted
      AND s.received_date <= p_to AND s.finished_date IS NULL) AS o
  GROUP BY o.agency_id, o.applicant_kind;
END
$$;

-- The cases that are counted in it, by agency and number after a place. The
-- agencies come in their order.
CREATE FUNCTION return_cases(
  p_agencies text[], p_from date, p_to date, p_after_agency text,
  p_after_number text, p_limit integer
) RETURNS SETOF report_case LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET enable_seqscan = on
SET work_mem = '32MB' AS $$
DECLARE
  v_agency text;
  v_left integer := p_limit;
  v_found integer;
BEGIN
  FOREACH v_agency IN ARRAY p_agencies LOOP
    CONTINUE WHEN v_agency < p_after_agency COLLATE "C";
    RETURN QUERY
    SELECT c.* FROM (
      SELECT r.* FROM report_case r
      WHERE r.agency_id = v_agency AND r.finished_date >= p_from
      UNION ALL
      SELECT r.* FROM report_case r
      WHERE r.agency_id = v_agency AND r.finished_date IS NULL) AS c
    WHERE c.counted AND c.received_date <= p_to
      AND (v_agency > p_after_agency COLLATE "C" OR c.number > p_after_number)
    ORDER BY c.number
    LIMIT v_left;
    GET DIAGNOSTICS v_found = ROW_COUNT;
    v_left := v_left - v_found;
    EXIT WHEN v_left <= 0;
  END LOOP;
END
$$;

-- Cases with a docket or a fee, received by p_to (where that is not known,
-- recorded by then in Asia/Shanghai) and not done before p_since.
CREATE FUNCTION cases_with(
  p_agencies text[], p_remedies boolean, p_fees boolean, p_since timestamptz,
  p_to date
) RETURNS TABLE (agency_id text, stream_id uuid, number text)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET enable_seqscan = on
SET work_mem = '32MB' AS $$
BEGIN
  RETURN QUERY
  SELECT c.agency_id, c.stream_id, c.number
  FROM (
    SELECT s.* FROM stream s
    WHERE p_remedies AND s.agency_id = ANY (p_agencies) AND s.kind = 1
      AND s.remedies
    UNION ALL
    SELECT s.* FROM stream s
    WHERE p_fees AND s.agency_id = ANY (p_agencies) AND s.kind = 1 AND s.fees
      AND NOT (p_remedies AND s.remedies)) AS c
  WHERE coalesce(c.received_date,
      (c.opened_time AT TIME ZONE 'Asia/Shanghai')::date) <= p_to
    AND (c.done_time IS NULL OR c.done_time >= p_since)
  ORDER BY c.agency_id, c.stream_id;
END
$$;

-- Cases by day of receipt, and by the day on which they were finished.
CREATE FUNCTION cases_received(p_agencies text[], p_from date, p_to date)
RETURNS SETOF report_case LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET enable_seqscan = on
SET work_mem = '32MB' AS $$
BEGIN
  RETURN QUERY
  SELECT r.* FROM report_case r
  WHERE r.agency_id = ANY (p_agencies)
    AND coalesce(r.received_date, 'infinity'::date) BETWEEN p_from AND p_to
  ORDER BY r.agency_id, coalesce(r.received_date, 'infinity'::date),
    r.stream_id;
END
$$;
CREATE FUNCTION cases_finished(p_agencies text[], p_from date, p_to date)
RETURNS SETOF report_case LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET enable_seqscan = on
SET work_mem = '32MB' AS $$
BEGIN
  RETURN QUERY
  SELECT r.* FROM report_case r
  WHERE r.agency_id = ANY (p_agencies)
    AND r.finished_date BETWEEN p_from AND p_to
  ORDER BY r.agency_id, r.finished_date, r.stream_id;
END
$$;

-- Who asked what: digests alone, of cases whose words at least p_words share in
-- their agency or whose applicant has at least p_applicant; null asks nothing.
-- What was erased has no digests and is left out; of an earlier register one of
-- the two may be unknown and empty, and then it is shared with nobody. For
-- reports alone, which may not read the words.
CREATE FUNCTION shared_words(
  p_agencies text[], p_from date, p_to date, p_words integer,
  p_applicant integer
) RETURNS TABLE (
  agency_id text, stream_id uuid, number text, content_key bytea,
  applicant_key bytea, arrived date
) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan SET enable_seqscan = on
SET work_mem = '32MB' AS $$
BEGIN
  RETURN QUERY
  SELECT c.agency_id, c.stream_id, s.number, c.content_key, c.applicant_key,
    c.arrived
  FROM (
    SELECT t.agency_id, t.stream_id, t.content_key, t.applicant_key, t.arrived,
      CASE WHEN t.content_key <> '' THEN count(*) OVER (
        PARTITION BY t.agency_id, t.content_key) END AS words,
      CASE WHEN t.applicant_key <> '' THEN count(*) OVER (
        PARTITION BY t.agency_id, t.applicant_key) END AS applicant
    FROM public.case_text t
    WHERE t.agency_id = ANY (p_agencies) AND t.arrived BETWEEN p_from AND p_to
      AND (t.content_key <> '' OR t.applicant_key <> '')) AS c
  JOIN public.stream s
    ON s.agency_id = c.agency_id AND s.stream_id = c.stream_id
  WHERE c.words >= p_words OR c.applicant >= p_applicant
  ORDER BY c.agency_id, c.stream_id;
END
$$;

-- Returns as filed, their lists of cases only when p_whole; p_year null is every
-- year.
CREATE FUNCTION filed_returns(
  p_agencies text[], p_year smallint, p_whole boolean
) RETURNS TABLE (
  agency_id text, year smallint, edition smallint, seq bigint, document bytea,
  cases bytea, filed_time timestamptz, filed_by text
) LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY
  SELECT f.agency_id, f.year, f.edition, f.seq,
    f.document, CASE WHEN p_whole THEN f.cases END, f.filed_time, f.filed_by
  FROM filed_return f
  WHERE f.agency_id = ANY (p_agencies) AND (p_year IS NULL OR f.year = p_year)
  ORDER BY f.agency_id, f.year, f.edition;
END
$$;

GRANT EXECUTE ON FUNCTION count_return, return_cases, cases_with, cases_received,
  cases_finished, shared_words, filed_returns TO gongkai_report;
