-- SPDX-License-Identifier: Apache-2.0
-- Destroying personal text (删除个人信息, PIPL 47). The record and its proof stay.

-- Destroys salt and private part of the named events, and the words of the case
-- when p_words. Only in the transaction that has just recorded an erasure
-- (event type 42) as the last event of the stream.
CREATE FUNCTION erase_private(
  p_agency text, p_stream uuid, p_seqs bigint[], p_words boolean
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  v_erased integer;
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.stream s
    JOIN public.event e ON e.agency_id = s.agency_id
      AND e.stream_id = s.stream_id AND e.seq = s.version
    WHERE s.agency_id = p_agency AND s.stream_id = p_stream AND e.type = 42
      AND p_agency = current_setting('gongkai.agency', true)) THEN
    RAISE EXCEPTION 'nothing is erased without its event'
      USING ERRCODE = 'GK002';
  END IF;
  UPDATE public.private_part
  SET salt = NULL, payload = NULL, erased_time = now()
  WHERE agency_id = p_agency AND stream_id = p_stream AND seq = ANY (p_seqs)
    AND erased_time IS NULL;
  GET DIAGNOSTICS v_erased = ROW_COUNT;
  IF p_words THEN
    UPDATE public.case_text
    SET applicant_name = '', content = '', grams = '', applicant_key = '',
      content_key = ''
    WHERE agency_id = p_agency AND stream_id = p_stream;
  END IF;
  RETURN v_erased;
END
$$;
GRANT EXECUTE ON FUNCTION erase_private TO gongkai_service;
