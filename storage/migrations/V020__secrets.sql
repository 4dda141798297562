-- SPDX-License-Identifier: Apache-2.0
-- Secrets of accounts that are to be sealed anew under a newer outer key. Its
-- number stands in the four bytes after the first.

CREATE FUNCTION outer_key_of(p_sealed bytea) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN octet_length(p_sealed) < 5 THEN 0 ELSE
    (get_byte(p_sealed, 1)::bigint << 24 | get_byte(p_sealed, 2) << 16
      | get_byte(p_sealed, 3) << 8 | get_byte(p_sealed, 4))::bit(32)::integer
  END
$$;

CREATE INDEX credential_outer ON credential (outer_key_of(sealed));

-- Secrets under another outer key than p_newest, for the job of the keys alone:
-- still sealed, and never all at once.
CREATE FUNCTION secrets_not_under(p_newest integer, p_limit integer)
RETURNS SETOF credential LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT * FROM public.credential
  WHERE public.outer_key_of(sealed) <> p_newest
  ORDER BY agency_id, account LIMIT least(p_limit, 1000)
$$;

-- How many secrets lie under each outer key.
CREATE FUNCTION count_secrets() RETURNS TABLE (outer_key integer, secrets bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT public.outer_key_of(sealed), count(*) FROM public.credential
  GROUP BY 1 ORDER BY 1
$$;

GRANT EXECUTE ON FUNCTION secrets_not_under, count_secrets TO gongkai_service;
