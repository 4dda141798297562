-- SPDX-License-Identifier: Apache-2.0
-- Sessions (会话), failed attempts and tokens that count once. Only digests of
-- tokens are kept. No role but the owner can read these tables. What is over is
-- forgotten a few rows at a time by those who add new ones.

CREATE TABLE session (
  session_id uuid PRIMARY KEY,
  begun timestamptz NOT NULL,
  access_until timestamptz NOT NULL,
  idle_until timestamptz NOT NULL,
  until timestamptz NOT NULL,
  only_password boolean NOT NULL,
  ended boolean NOT NULL,
  agency_id text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  sign_in text NOT NULL,
  source text NOT NULL,
  access bytea NOT NULL,
  refresh bytea NOT NULL
) WITH (fillfactor = 80);
COMMENT ON TABLE session IS 'Who is signed in.';
COMMENT ON COLUMN session.session_id IS 'UUID of the session.';
COMMENT ON COLUMN session.begun IS 'When it began.';
COMMENT ON COLUMN session.access_until IS 'End of the access token.';
COMMENT ON COLUMN session.idle_until IS 'End of the refresh token.';
COMMENT ON COLUMN session.until IS 'End of the session whatever is done.';
COMMENT ON COLUMN session.only_password IS 'Signed in without a second factor.';
COMMENT ON COLUMN session.ended IS 'Over before its time.';
COMMENT ON COLUMN session.agency_id IS 'Code of the agency of the account.';
COMMENT ON COLUMN session.account IS 'The account.';
COMMENT ON COLUMN session.sign_in IS 'How it was signed in.';
COMMENT ON COLUMN session.source IS 'Address that it was signed in from.';
COMMENT ON COLUMN session.access IS 'SHA-256 of the access token.';
COMMENT ON COLUMN session.refresh IS 'SHA-256 of the refresh token.';
CREATE UNIQUE INDEX session_access ON session (access);
CREATE UNIQUE INDEX session_refresh ON session (refresh);
CREATE INDEX session_account ON session (agency_id, account) WHERE NOT ended;
CREATE INDEX session_until ON session (until);

CREATE TABLE used_refresh (
  digest bytea PRIMARY KEY,
  session_id uuid NOT NULL
);
COMMENT ON TABLE used_refresh IS 'Refresh tokens that were exchanged, for as long as their session is kept: whoever shows one has a copy.';
COMMENT ON COLUMN used_refresh.digest IS 'SHA-256 of the token.';
COMMENT ON COLUMN used_refresh.session_id IS 'The session.';
CREATE INDEX used_refresh_session ON used_refresh (session_id);

CREATE TABLE sign_in_attempt (
  attempt_key bytea PRIMARY KEY,
  first_time timestamptz NOT NULL,
  last_time timestamptz NOT NULL,
  locked_until timestamptz,
  failures integer NOT NULL,
  locks integer NOT NULL
) WITH (fillfactor = 80);
COMMENT ON TABLE sign_in_attempt IS 'Failed attempts to sign in.';
COMMENT ON COLUMN sign_in_attempt.attempt_key IS 'SHA-256 of what they were made under; whether there is such an account is not known here.';
COMMENT ON COLUMN sign_in_attempt.first_time IS 'The first failure that counts.';
COMMENT ON COLUMN sign_in_attempt.last_time IS 'The last failure.';
COMMENT ON COLUMN sign_in_attempt.locked_until IS 'Until when no attempt is taken.';
COMMENT ON COLUMN sign_in_attempt.failures IS 'Failures that count towards the next lock.';
COMMENT ON COLUMN sign_in_attempt.locks IS 'How often it was locked.';
CREATE INDEX sign_in_attempt_last ON sign_in_attempt (last_time);

CREATE TABLE used_token (
  digest bytea PRIMARY KEY,
  until timestamptz NOT NULL
);
COMMENT ON TABLE used_token IS 'Tokens of the identity provider that were used, kept until they would end anyway.';
COMMENT ON COLUMN used_token.digest IS 'SHA-256 of the token.';
COMMENT ON COLUMN used_token.until IS 'End of the token.';
CREATE INDEX used_token_until ON used_token (until);

ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE used_refresh ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE used_token ENABLE ROW LEVEL SECURITY;

-- Begins a session and notes the sign-in of its account. Sessions a day past
-- their end are forgotten.
CREATE FUNCTION open_session(
  p_session uuid, p_agency text, p_account text, p_sign_in text,
  p_source text, p_only_password boolean, p_begun timestamptz, p_access bytea,
  p_access_until timestamptz, p_refresh bytea, p_idle_until timestamptz,
  p_until timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  WITH gone AS (
    DELETE FROM public.session
    WHERE session_id IN (
      SELECT session_id FROM public.session
      WHERE until < least(p_begun, now()) - interval '1 day'
      ORDER BY until LIMIT 10 FOR UPDATE SKIP LOCKED)
    RETURNING session_id)
  DELETE FROM public.used_refresh WHERE session_id IN (
    SELECT session_id FROM gone);
  INSERT INTO public.session (
    session_id, begun, access_until, idle_until, until, only_password, ended,
    agency_id, account, sign_in, source, access, refresh)
  VALUES (
    p_session, p_begun, p_access_until, p_idle_until, p_until,
    p_only_password, false, p_agency, p_account, p_sign_in, p_source, p_access,
    p_refresh)
  ON CONFLICT (session_id) DO NOTHING;
  UPDATE public.account SET last_sign_in = p_begun
  WHERE agency_id = p_agency AND account = p_account;
END
$$;

-- A session by the digest of its access token, or by its identifier.
CREATE FUNCTION session_by_access(p_access bytea) RETURNS SETOF session
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT * FROM public.session WHERE access = p_access
$$;
CREATE FUNCTION session_by_id(p_session uuid) RETURNS SETOF session
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT * FROM public.session WHERE session_id = p_session
$$;

-- Exchanges the tokens of the session that has p_refresh. outcome: 0 exchanged,
-- 1 no session has had this token, 2 the session is over, 3 the token was used
-- before, and the session was ended for it. The one call that made the present
-- token may be asked again after a lost answer.
CREATE FUNCTION rotate_session(
  p_refresh bytea, p_access bytea, p_access_until timestamptz,
  p_next_refresh bytea, p_idle_until timestamptz, p_now timestamptz,
  OUT outcome integer, OUT held session
) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  SELECT * INTO held FROM public.session s
  WHERE s.refresh = p_refresh FOR UPDATE;
  IF NOT FOUND THEN
    SELECT s.* INTO held FROM public.used_refresh u
    JOIN public.session s ON s.session_id = u.session_id
    WHERE u.digest = p_refresh FOR UPDATE OF s;
    IF NOT FOUND THEN
      outcome := 1;
    ELSIF held.ended THEN
      outcome := 2;
    ELSIF held.refresh = p_next_refresh AND held.access = p_access THEN
      outcome := 0;
    ELSE
      outcome := 3;
      UPDATE public.session s SET ended = true
      WHERE s.session_id = held.session_id;
      held.ended := true;
      PERFORM public.raise_revocation();
    END IF;
    RETURN;
  END IF;
  IF held.ended OR p_now >= held.idle_until OR p_now >= held.until THEN
    outcome := 2;
    RETURN;
  END IF;
  outcome := 0;
  INSERT INTO public.used_refresh (digest, session_id)
  VALUES (p_refresh, held.session_id);
  UPDATE public.session s SET
    access = p_access, access_until = least(p_access_until, s.until),
    refresh = p_next_refresh, idle_until = least(p_idle_until, s.until)
  WHERE s.session_id = held.session_id
  RETURNING s.* INTO held;
END
$$;

-- Ends one session of an agency, or those of an account but p_keep; how many.
CREATE FUNCTION end_session(p_agency text, p_session uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE public.session SET ended = true
  WHERE agency_id = p_agency AND session_id = p_session AND NOT ended;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  PERFORM public.raise_revocation();
  RETURN 1;
END
$$;
CREATE FUNCTION end_sessions(p_agency text, p_account text, p_keep uuid)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_ended integer;
BEGIN
  UPDATE public.session SET ended = true
  WHERE agency_id = p_agency AND account = p_account AND NOT ended
    AND session_id IS DISTINCT FROM p_keep;
  GET DIAGNOSTICS v_ended = ROW_COUNT;
  IF v_ended > 0 THEN
    PERFORM public.raise_revocation();
  END IF;
  RETURN v_ended;
END
$$;

-- Makes the row of an account what its event left, with its keys. Only in the
-- transaction that has just recorded the event; repeated after a lost answer it
-- finds its work done.
CREATE FUNCTION put_account(
  p_agency text, p_stream uuid, p_event bigint, p_account text, p_person text,
  p_kind smallint, p_active boolean, p_post smallint, p_key_kind smallint[],
  p_key_digest bytea[], p_end_sessions boolean
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_now boolean;
BEGIN
  SELECT e.xmin = pg_current_xact_id()::xid INTO v_now
  FROM public.event e
  WHERE e.agency_id = p_agency AND e.stream_id = p_stream AND e.seq = p_event
    AND p_stream = public.account_stream(p_account)
    AND p_agency = current_setting('gongkai.agency', true);
  IF v_now IS NULL THEN
    RAISE EXCEPTION 'an account changes only with its event'
      USING ERRCODE = 'GK002';
  END IF;
  IF NOT v_now THEN
    RETURN;
  END IF;
  INSERT INTO public.account (agency_id, account, kind, post, active, person)
  VALUES (p_agency, p_account, p_kind, p_post, p_active, p_person)
  ON CONFLICT (agency_id, account) DO UPDATE SET
    kind = excluded.kind, post = excluded.post, active = excluded.active,
    person = excluded.person;
  DELETE FROM public.account_key
  WHERE agency_id = p_agency AND account = p_account;
  INSERT INTO public.account_key (kind, digest, agency_id, account)
  SELECT k.kind, k.digest, p_agency, p_account
  FROM unnest(p_key_kind, p_key_digest) AS k (kind, digest);
  IF p_end_sessions THEN
    UPDATE public.session SET ended = true
    WHERE agency_id = p_agency AND account = p_account AND NOT ended;
  END IF;
  PERFORM public.raise_revocation();
END
$$;

-- How the attempts under a key stand.
CREATE FUNCTION read_attempts(
  p_key bytea, p_now timestamptz,
  OUT failures integer, OUT locked_until timestamptz
) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT failures, CASE WHEN locked_until > p_now THEN locked_until END
  FROM public.sign_in_attempt WHERE attempt_key = p_key
$$;

-- One more failure. At p_limit within p_window the key is locked for p_lock,
-- twice as long each time it happens again, at most 16 times. A failure while
-- it is locked changes nothing; a day without failures makes all forgotten.
CREATE FUNCTION add_failure(
  p_key bytea, p_limit integer, p_window interval, p_lock interval,
  p_now timestamptz, OUT failures integer, OUT locked_until timestamptz
) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v public.sign_in_attempt;
BEGIN
  DELETE FROM public.sign_in_attempt WHERE attempt_key IN (
    SELECT a.attempt_key FROM public.sign_in_attempt a
    WHERE a.last_time < least(p_now, now()) - interval '7 days'
    ORDER BY a.last_time LIMIT 10 FOR UPDATE SKIP LOCKED);
  INSERT INTO public.sign_in_attempt (
    attempt_key, first_time, last_time, failures, locks)
  VALUES (p_key, p_now, p_now, 0, 0)
  ON CONFLICT (attempt_key) DO NOTHING;
  SELECT * INTO v FROM public.sign_in_attempt a
  WHERE a.attempt_key = p_key FOR UPDATE;
  failures := v.failures;
  locked_until := v.locked_until;
  IF v.locked_until > p_now THEN
    RETURN;
  END IF;
  IF greatest(v.last_time, v.locked_until) < p_now - interval '1 day' THEN
    v.failures := 0;
    v.locks := 0;
  END IF;
  IF v.failures = 0 OR v.first_time <= p_now - p_window THEN
    v.failures := 0;
    v.first_time := p_now;
  END IF;
  failures := v.failures + 1;
  v.failures := failures;
  v.locked_until := NULL;
  IF failures >= p_limit THEN
    v.locked_until := p_now + p_lock * (1 << least(v.locks, 4));
    v.locks := v.locks + 1;
    v.failures := 0;
  END IF;
  locked_until := v.locked_until;
  UPDATE public.sign_in_attempt a SET
    first_time = v.first_time, last_time = p_now,
    locked_until = v.locked_until, failures = v.failures, locks = v.locks
  WHERE a.attempt_key = p_key;
END
$$;

CREATE FUNCTION clear_attempts(p_key bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM public.sign_in_attempt WHERE attempt_key = p_key
$$;

-- Notes a token as used; false when it was used before.
CREATE FUNCTION use_once(p_digest bytea, p_until timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_new boolean;
BEGIN
  INSERT INTO public.used_token (digest, until) VALUES (p_digest, p_until)
  ON CONFLICT (digest) DO NOTHING;
  v_new := FOUND;
  DELETE FROM public.used_token WHERE digest IN (
    SELECT t.digest FROM public.used_token t
    WHERE t.until < least(p_until, now()) - interval '1 day'
    ORDER BY t.until LIMIT 10 FOR UPDATE SKIP LOCKED);
  RETURN v_new;
END
$$;

GRANT EXECUTE ON FUNCTION open_session, session_by_access, session_by_id,
  rotate_session, end_session, end_sessions, put_account, read_attempts,
  add_failure, clear_attempts, use_once TO gongkai_service;
