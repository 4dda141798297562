-- SPDX-License-Identifier: Apache-2.0
-- Inboxes (提醒): what became due for whom, each said once; and the mails that
-- carry it out of the house.

CREATE TABLE inbox (
  agency_id text COLLATE "C" NOT NULL,
  inbox_id uuid NOT NULL,
  stream_id uuid,
  place bigint NOT NULL,
  overdue bigint NOT NULL,
  red bigint NOT NULL,
  yellow bigint NOT NULL,
  made_time timestamptz NOT NULL,
  read_time timestamptz,
  mailed_time timestamptz,
  mail_lease timestamptz NOT NULL DEFAULT '-infinity',
  remind_date date NOT NULL,
  due date,
  rule_days integer NOT NULL,
  left_days integer NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  kind smallint NOT NULL,
  limit_kind smallint NOT NULL,
  ordinal smallint NOT NULL,
  account text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  mail_to text NOT NULL,
  PRIMARY KEY (agency_id, account, place),
  UNIQUE (agency_id, inbox_id)
) WITH (fillfactor = 80);
COMMENT ON TABLE inbox IS 'Reminders and digests of accounts. They follow from the events and the rules of the agency, and nothing follows from them.';
COMMENT ON COLUMN inbox.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN inbox.inbox_id IS 'UUID of the entry.';
COMMENT ON COLUMN inbox.stream_id IS 'The case; none for a digest.';
COMMENT ON COLUMN inbox.place IS 'Place among all entries, growing; entries become visible in this order.';
COMMENT ON COLUMN inbox.overdue IS 'Of a digest: duties that are overdue.';
COMMENT ON COLUMN inbox.red IS 'Of a digest: duties that are urgent.';
COMMENT ON COLUMN inbox.yellow IS 'Of a digest: duties that come near.';
COMMENT ON COLUMN inbox.made_time IS 'When the entry was made.';
COMMENT ON COLUMN inbox.read_time IS 'When its holder marked it as read.';
COMMENT ON COLUMN inbox.mailed_time IS 'When a mail server took its mail.';
COMMENT ON COLUMN inbox.mail_lease IS 'Until when its mail is lent out or waits to be tried again; infinity when it was given up.';
COMMENT ON COLUMN inbox.remind_date IS 'The working day it is for.';
COMMENT ON COLUMN inbox.due IS 'Last day of the limit.';
COMMENT ON COLUMN inbox.rule_days IS 'Days before the last day at which its rule reminds.';
COMMENT ON COLUMN inbox.left_days IS 'Days left on the working day it is for.';
COMMENT ON COLUMN inbox.attempts IS 'How often its mail was lent out and not given back.';
COMMENT ON COLUMN inbox.kind IS 'Value of v1.ReminderKind.';
COMMENT ON COLUMN inbox.limit_kind IS 'Value of v1.LimitKind; 0 for a digest.';
COMMENT ON COLUMN inbox.ordinal IS 'Tells limits of one kind apart.';
COMMENT ON COLUMN inbox.account IS 'Account it is for.';
COMMENT ON COLUMN inbox.number IS 'Number of the case; empty for a digest.';
COMMENT ON COLUMN inbox.mail_to IS 'Address of its mail; empty when it gets none.';

-- Each is said once: of a limit for each account, last day and rule, of a
-- digest for each account and day.
CREATE UNIQUE INDEX inbox_limit ON inbox (
  agency_id, account, stream_id, limit_kind, ordinal,
  (coalesce(due, 'infinity'::date)), rule_days) WHERE stream_id IS NOT NULL;
CREATE UNIQUE INDEX inbox_digest ON inbox (agency_id, account, kind, remind_date)
  WHERE stream_id IS NULL;
CREATE INDEX inbox_unread ON inbox (agency_id, account, place)
  WHERE read_time IS NULL;
-- Mails still to be sent, of all agencies.
CREATE INDEX inbox_mail ON inbox (place)
  WHERE mail_to <> '' AND mailed_time IS NULL AND mail_lease < 'infinity';

CREATE TABLE inbox_place (
  inbox_place_id smallint PRIMARY KEY CHECK (inbox_place_id = 1),
  last bigint NOT NULL
);
COMMENT ON TABLE inbox_place IS 'The last place of the inboxes, one row.';
COMMENT ON COLUMN inbox_place.inbox_place_id IS 'Always 1.';
COMMENT ON COLUMN inbox_place.last IS 'The last place that was given.';
INSERT INTO inbox_place VALUES (1, 0);

ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON inbox TO gongkai_service
  USING (agency_id = current_setting('gongkai.agency', true))
  WITH CHECK (agency_id = current_setting('gongkai.agency', true));
CREATE POLICY all_agencies ON inbox FOR SELECT TO gongkai_auditor USING (true);
GRANT SELECT, UPDATE (read_time, mailed_time, mail_lease, attempts)
  ON inbox TO gongkai_service;
GRANT SELECT ON inbox_place TO gongkai_service;
GRANT SELECT ON inbox, inbox_place TO gongkai_auditor;

-- Puts in entries of any agencies that are not there yet, and returns how many
-- were new. The row of inbox_place is locked until the commit, and places are
-- given under its lock: whoever sees a place has seen all lower ones, so that a
-- watch may go on after the last it saw. A sequence would give places to two
-- writers that become visible the other way round.
CREATE FUNCTION put_inbox(
  p_agency text[], p_id uuid[], p_account text[], p_kind smallint[],
  p_stream uuid[], p_number text[], p_limit_kind smallint[],
  p_ordinal smallint[], p_due date[], p_rule_days integer[],
  p_left_days integer[], p_overdue bigint[], p_red bigint[], p_yellow bigint[],
  p_remind_date date[], p_made_time timestamptz[], p_mail_to text[]
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_last bigint;
  v_new integer;
BEGIN
  SELECT last INTO v_last FROM public.inbox_place WHERE inbox_place_id = 1
  FOR UPDATE;
  INSERT INTO public.inbox (
    place, agency_id, inbox_id, account, kind, stream_id, number, limit_kind,
    ordinal, due, rule_days, left_days, overdue, red, yellow, remind_date,
    made_time, mail_to)
  SELECT v_last + n.nth, n.agency, n.id, n.account, n.kind, n.stream, n.number,
    n.limit_kind, n.ordinal, n.due, n.rule_days, n.left_days, n.overdue, n.red,
    n.yellow, n.remind_date, n.made_time, n.mail_to
  FROM unnest(
    p_agency, p_id, p_account, p_kind, p_stream, p_number, p_limit_kind,
    p_ordinal, p_due, p_rule_days, p_left_days, p_overdue, p_red, p_yellow,
    p_remind_date, p_made_time, p_mail_to) WITH ORDINALITY
    AS n (agency, id, account, kind, stream, number, limit_kind, ordinal, due,
      rule_days, left_days, overdue, red, yellow, remind_date, made_time,
      mail_to, nth)
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS v_new = ROW_COUNT;
  IF v_new > 0 THEN
    UPDATE public.inbox_place SET last = v_last + cardinality(p_agency)
    WHERE inbox_place_id = 1;
  END IF;
  RETURN v_new;
END
$$;

-- Entries of an account before a place (null: all), newest first.
CREATE FUNCTION read_inbox(
  p_agency text, p_account text, p_unread boolean, p_before bigint,
  p_limit integer
) RETURNS SETOF inbox LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
  v_before bigint := coalesce(p_before, 9223372036854775807);
BEGIN
  IF p_unread THEN
    RETURN QUERY
    SELECT * FROM inbox i
    WHERE i.agency_id = p_agency AND i.account = p_account
      AND i.read_time IS NULL AND i.place < v_before
    ORDER BY i.place DESC LIMIT p_limit;
  ELSE
    RETURN QUERY
    SELECT * FROM inbox i
    WHERE i.agency_id = p_agency AND i.account = p_account
      AND i.place < v_before
    ORDER BY i.place DESC LIMIT p_limit;
  END IF;
END
$$;

-- Entries of an account after a place, oldest first.
CREATE FUNCTION inbox_after(
  p_agency text, p_account text, p_after bigint, p_limit integer
) RETURNS SETOF inbox LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  RETURN QUERY
  SELECT * FROM inbox i
  WHERE i.agency_id = p_agency AND i.account = p_account AND i.place > p_after
  ORDER BY i.place LIMIT p_limit;
END
$$;

CREATE FUNCTION count_unread(p_agency text, p_account text) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  RETURN (
    SELECT count(*) FROM inbox i
    WHERE i.agency_id = p_agency AND i.account = p_account
      AND i.read_time IS NULL);
END
$$;

-- Marks entries of an account as read, all when p_ids is null; how many were
-- not read before.
CREATE FUNCTION mark_read(
  p_agency text, p_account text, p_ids uuid[], p_now timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
  v_marked bigint;
BEGIN
  UPDATE inbox SET read_time = p_now
  WHERE agency_id = p_agency AND account = p_account AND read_time IS NULL
    AND (p_ids IS NULL OR inbox_id = ANY (p_ids));
  GET DIAGNOSTICS v_marked = ROW_COUNT;
  RETURN v_marked;
END
$$;

-- Lends out mails of all agencies until p_lease, oldest first. Those that
-- another lends out at this moment are passed over.
CREATE FUNCTION take_mails(
  p_limit integer, p_now timestamptz, p_lease timestamptz
) RETURNS SETOF inbox LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH taken AS (
    UPDATE public.inbox i
    SET mail_lease = p_lease, attempts = i.attempts + 1
    FROM (
      SELECT w.agency_id, w.account, w.place FROM public.inbox w
      WHERE w.mail_to <> '' AND w.mailed_time IS NULL
        AND w.mail_lease < 'infinity' AND w.mail_lease <= p_now
      ORDER BY w.place LIMIT p_limit
      FOR UPDATE SKIP LOCKED) AS t
    WHERE i.agency_id = t.agency_id AND i.account = t.account
      AND i.place = t.place
    RETURNING i.*)
  SELECT * FROM taken ORDER BY taken.place;
END
$$;

-- A mail server took the mail; or it is to be tried again from p_again on,
-- never when that is infinity.
CREATE FUNCTION mail_done(p_agency text, p_id uuid, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  UPDATE inbox SET mailed_time = p_now
  WHERE agency_id = p_agency AND inbox_id = p_id AND mailed_time IS NULL;
END
$$;
CREATE FUNCTION mail_failed(p_agency text, p_id uuid, p_again timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  UPDATE inbox SET mail_lease = p_again
  WHERE agency_id = p_agency AND inbox_id = p_id AND mailed_time IS NULL;
END
$$;

-- Nothing was tried: it is lent again from p_from on, and the attempt does not
-- count.
CREATE FUNCTION mail_back(p_agency text, p_id uuid, p_from timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  UPDATE inbox SET mail_lease = p_from, attempts = attempts - 1
  WHERE agency_id = p_agency AND inbox_id = p_id AND mailed_time IS NULL
    AND attempts > 0;
END
$$;

-- How many mails wait, and since when the oldest.
CREATE FUNCTION mails_waiting() RETURNS TABLE (
  waiting bigint, oldest timestamptz
) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT count(*), min(made_time) FROM public.inbox
  WHERE mail_to <> '' AND mailed_time IS NULL AND mail_lease < 'infinity'
$$;

GRANT EXECUTE ON FUNCTION put_inbox, read_inbox, inbox_after, count_unread,
  mark_read, take_mails, mail_done, mail_failed, mail_back, mails_waiting
  TO gongkai_service;
GRANT EXECUTE ON FUNCTION read_inbox, inbox_after, count_unread
  TO gongkai_auditor;
