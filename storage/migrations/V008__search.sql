-- SPDX-License-Identifier: Apache-2.0
-- Search in words. These run with the owner's rights, because behind a policy
-- an index cannot be used for operators that might leak what they see; each
-- takes the agency and looks at nothing else.

-- Cases in whose content or applicant the phrase stands literally, newest
-- first. p_words narrows by index; null when the phrase has no whole word.
CREATE FUNCTION search_phrase(
  p_agency text, p_phrase text, p_words tsquery, p_after_stream uuid,
  p_limit integer
) RETURNS SETOF found_case LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  RETURN QUERY
  SELECT s.stream_id, s.number, s.version, s.phase, s.outcome,
    s.applicant_kind, s.officer, s.department, s.received_date, s.done_time,
    s.calendar_version, l.kind, l.ordinal, l.whose, l.state, l.start_date,
    l.due, l.provisional, ''::text, t.applicant_name,
    substr(t.content, greatest(strpos(t.content, p_phrase) - 16, 1), 40),
    null::real, null::boolean
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

-- The at most eight words of a text that are rarest in all texts, as a
-- question for any of them. Words that are not among the common ones count as
-- rarest.
CREATE FUNCTION rare_words(p_grams tsvector) RETURNS tsquery
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT string_agg('''' || replace(replace(r.word, '\', '\\'), '''', '''''')
    || '''', ' | ')::tsquery
  FROM (
    SELECT w.word
    FROM unnest(tsvector_to_array(p_grams)) AS w (word)
    LEFT JOIN (
      SELECT e.word, e.frequency
      FROM pg_stats p,
        unnest(p.most_common_elems::text::text[], p.most_common_elem_freqs)
          AS e (word, frequency)
      WHERE p.schemaname = 'public' AND p.tablename = 'case_text'
        AND p.attname = 'grams') AS common USING (word)
    ORDER BY coalesce(common.frequency, 0), w.word
    LIMIT 8) AS r
$$;

-- Like cases of the agency: among those that share a rare word, the most alike
-- by trigrams, at least 0.2.
CREATE FUNCTION find_similar(p_agency text, p_stream uuid, p_limit integer)
RETURNS SETOF found_case LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public
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
    t.applicant_key = v_own.applicant_key
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
-- same words before.
CREATE FUNCTION find_earlier(p_agency text, p_stream uuid)
RETURNS SETOF found_case LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  v_own public.case_text;
  v_first found_case;
BEGIN
  SELECT * INTO v_own FROM public.case_text
  WHERE agency_id = p_agency AND stream_id = p_stream;
  IF NOT FOUND THEN
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
GRANT EXECUTE ON FUNCTION search_phrase, find_similar, find_earlier
  TO gongkai_service, gongkai_auditor;
