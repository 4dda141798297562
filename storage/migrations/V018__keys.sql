-- SPDX-License-Identifier: Apache-2.0
-- What the jobs of the keys ask: data keys to be wrapped anew, and private parts
-- from before there were keys, to be sealed.

-- Keys under another outer key than p_newest, with those under the oldest first.
CREATE FUNCTION keys_not_under(p_newest integer, p_limit integer)
RETURNS SETOF data_key LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  (SELECT * FROM public.data_key WHERE outer_key < p_newest
   ORDER BY outer_key LIMIT p_limit)
  UNION ALL
  (SELECT * FROM public.data_key WHERE outer_key > p_newest
   ORDER BY outer_key LIMIT p_limit)
  LIMIT p_limit
$$;

-- Puts a key wrapped anew in the place of the one named; false when it is gone.
-- Asked again after a lost answer it is true.
CREATE FUNCTION replace_key(
  p_agency text, p_stream uuid, p_outer integer, p_wrapped bytea,
  p_new_outer integer, p_new_wrapped bytea
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE public.data_key SET outer_key = p_new_outer, wrapped = p_new_wrapped
  WHERE agency_id = p_agency AND stream_id = p_stream
    AND outer_key = p_outer AND wrapped = p_wrapped;
  RETURN FOUND OR EXISTS (
    SELECT FROM public.data_key
    WHERE agency_id = p_agency AND stream_id = p_stream
      AND outer_key = p_new_outer AND wrapped = p_new_wrapped);
END
$$;

-- How many keys lie under each outer key.
CREATE FUNCTION count_keys() RETURNS TABLE (outer_key integer, keys bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT outer_key, count(*) FROM public.data_key
  GROUP BY outer_key ORDER BY outer_key
$$;

-- Private parts that are not sealed: where they are, of whatever agency.
CREATE FUNCTION plain_parts(p_limit integer)
RETURNS TABLE (agency_id text, stream_id uuid, seq bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT agency_id, stream_id, seq FROM public.private_part
  WHERE octet_length(salt) > 0
  ORDER BY agency_id, stream_id, seq LIMIT p_limit
$$;

-- One of them, with the key of its stream.
CREATE FUNCTION read_plain(p_agency text, p_stream uuid, p_seq bigint)
RETURNS TABLE (salt bytea, payload bytea, outer_key integer, wrapped bytea)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  RETURN QUERY
  SELECT p.salt, p.payload, k.outer_key, k.wrapped
  FROM private_part p
  LEFT JOIN data_key k
    ON k.agency_id = p_agency AND k.stream_id = p_stream
  WHERE p.agency_id = p_agency AND p.stream_id = p_stream AND p.seq = p_seq
    AND octet_length(p.salt) > 0;
END
$$;

-- Puts the sealed part in the place of the plain one, which the caller shows to
-- know; false when it is not there any more. A new data key (p_outer not null)
-- comes with it.
CREATE FUNCTION seal_part(
  p_agency text, p_stream uuid, p_seq bigint, p_salt bytea, p_payload bytea,
  p_sealed bytea, p_outer integer, p_wrapped bytea
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE public.private_part SET salt = '', payload = p_sealed
  WHERE agency_id = p_agency AND stream_id = p_stream AND seq = p_seq
    AND octet_length(salt) > 0 AND salt = p_salt AND payload = p_payload
    AND octet_length(p_sealed) > octet_length(p_salt) + octet_length(p_payload)
    AND agency_id = current_setting('gongkai.agency', true);
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF p_outer IS NOT NULL THEN
    INSERT INTO public.data_key (agency_id, stream_id, outer_key, wrapped)
    VALUES (p_agency, p_stream, p_outer, p_wrapped);
  END IF;
  RETURN true;
END
$$;

GRANT EXECUTE ON FUNCTION keys_not_under, replace_key, count_keys, plain_parts,
  read_plain, seal_part TO gongkai_service;
