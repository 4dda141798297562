-- SPDX-License-Identifier: Apache-2.0
-- The Merkle tree of the log (RFC 6962), kept as tiles of 256 hashes. The hashes
-- themselves are made by the sequencer, in the transaction that gives events
-- their places. Leaf i of the tree is the entry in place i + 1.

ALTER TABLE log
  ADD COLUMN origin text COLLATE "C" NOT NULL DEFAULT 'gongkai',
  ADD COLUMN suite smallint NOT NULL DEFAULT 1,
  ADD COLUMN tree_size bigint NOT NULL DEFAULT 0,
  ADD COLUMN root bytea NOT NULL DEFAULT sha256(''),
  ADD COLUMN record_prefix bytea NOT NULL
    DEFAULT '\x010100000007'::bytea || convert_to('gongkai', 'UTF8');
COMMENT ON COLUMN log.origin IS 'Name of the log in checkpoints and records.';
COMMENT ON COLUMN log.suite IS 'Number of its crypto suite: 1 SHA-256 with Ed25519, 2 SM3 with SM2.';
COMMENT ON COLUMN log.tree_size IS 'Entries that the tree holds; fewer than size only while a tree is being caught up.';
COMMENT ON COLUMN log.root IS 'Root of the tree of tree_size.';
COMMENT ON COLUMN log.record_prefix IS 'How every record of this log begins: format, suite, origin.';

ALTER TABLE log_queue ADD COLUMN kind smallint NOT NULL DEFAULT 1;
ALTER TABLE log_leaf ADD COLUMN kind smallint NOT NULL DEFAULT 1;
COMMENT ON COLUMN log_queue.kind IS '1 event, 2 access record.';
COMMENT ON COLUMN log_leaf.kind IS '1 event, 2 access record: then stream_id is the record and seq is 1.';

CREATE TABLE log_tile (
  log_id smallint NOT NULL,
  level smallint NOT NULL,
  tile_index bigint NOT NULL,
  hashes bytea NOT NULL,
  PRIMARY KEY (log_id, level, tile_index)
) WITH (fillfactor = 70);
-- Hashes do not compress.
ALTER TABLE log_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
COMMENT ON TABLE log_tile IS 'The tree: each tile holds up to 256 hashes of one level and only grows.';
COMMENT ON COLUMN log_tile.log_id IS 'The log.';
COMMENT ON COLUMN log_tile.level IS '0 holds the leaves; a hash of level n stands for a full tile of level n - 1.';
COMMENT ON COLUMN log_tile.tile_index IS 'From 0 on within the level.';
COMMENT ON COLUMN log_tile.hashes IS '32 bytes each.';

CREATE FUNCTION refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) <> OLD.hashes
  THEN
    RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'GK002';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER log_tile_grows BEFORE UPDATE ON log_tile
  FOR EACH ROW EXECUTE FUNCTION refuse_shrinking();
CREATE TRIGGER log_tile_kept BEFORE DELETE ON log_tile
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_tile_no_truncate BEFORE TRUNCATE ON log_tile
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE log_tile ENABLE ALWAYS TRIGGER log_tile_grows;
ALTER TABLE log_tile ENABLE ALWAYS TRIGGER log_tile_kept;
ALTER TABLE log_tile ENABLE ALWAYS TRIGGER log_tile_no_truncate;

-- No record of another log or suite ever gets in.
CREATE FUNCTION refuse_foreign_record() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  v_prefix bytea := (SELECT record_prefix FROM public.log WHERE log_id = 1);
BEGIN
  IF substring(NEW.record FROM 1 FOR octet_length(v_prefix)) <> v_prefix THEN
    RAISE EXCEPTION 'the record is of another log' USING ERRCODE = 'GK003';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER event_of_this_log BEFORE INSERT ON event
  FOR EACH ROW EXECUTE FUNCTION refuse_foreign_record();
ALTER TABLE event ENABLE ALWAYS TRIGGER event_of_this_log;

-- Names the log and chooses its suite, once and before anything is recorded.
-- p_prefix and p_empty_root follow from the two.
CREATE FUNCTION create_log(
  p_origin text, p_suite smallint, p_prefix bytea, p_empty_root bytea
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM log WHERE log_id = 1 FOR UPDATE;
  IF EXISTS (SELECT FROM event) OR EXISTS (SELECT FROM log WHERE size > 0) THEN
    RAISE EXCEPTION 'the log holds records already' USING ERRCODE = 'GK002';
  END IF;
  UPDATE log SET origin = p_origin, suite = p_suite, record_prefix = p_prefix,
    root = p_empty_root
  WHERE log_id = 1;
END
$$;

-- Name, suite and head of the log.
CREATE FUNCTION log_head() RETURNS TABLE (
  origin text, suite smallint, size bigint, tree_size bigint, root bytea
) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT origin, suite, size, tree_size, root FROM public.log WHERE log_id = 1
$$;

-- One tile, null when there is none.
CREATE FUNCTION read_tile(p_level smallint, p_index bigint) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT hashes FROM public.log_tile
  WHERE log_id = 1 AND level = p_level AND tile_index = p_index
$$;

-- Places of the events of a stream that have one.
CREATE FUNCTION places_of(p_agency text, p_stream uuid)
RETURNS TABLE (seq bigint, log_index bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT seq, log_index FROM public.log_leaf
  WHERE agency_id = p_agency AND stream_id = p_stream ORDER BY seq
$$;

DROP FUNCTION sequence_log(integer);
-- First half of sequencing, to be committed with the second: gives the next
-- places to at most p_max queued entries and hands out the leaves that the tree
-- lacks, with the tiles at its right edge. state: 0 another is at work, 1 the
-- tree is not the one that the caller knows and nothing was done, 2 done. A tree
-- that is behind the places is caught up first. The advisory lock keeps a second
-- sequencer from waiting, the lock of the log's row from doing harm.
CREATE FUNCTION sequence_log(
  p_max integer, p_known_size bigint, p_known_root bytea,
  OUT state integer, OUT placed integer, OUT tree_size bigint, OUT root bytea,
  OUT suite smallint, OUT leaves bytea, OUT edge_levels smallint[],
  OUT edge_hashes bytea[]
) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  v_size bigint;
BEGIN
  state := 0;
  placed := 0;
  IF NOT pg_try_advisory_xact_lock(20080501, 1) THEN
    RETURN;
  END IF;
  -- One that is stopped between the halves does not hold up the others.
  PERFORM set_config('idle_in_transaction_session_timeout', '10s', true);
  SELECT l.size, l.tree_size, l.root, l.suite
  INTO v_size, tree_size, root, suite
  FROM public.log l WHERE l.log_id = 1 FOR UPDATE;
  state := 1;
  IF p_known_size <> tree_size OR p_known_root <> root THEN
    RETURN;
  END IF;
  state := 2;
  IF tree_size = v_size THEN
    WITH taken AS (
      DELETE FROM public.log_queue q
      USING (
        SELECT queue_id FROM public.log_queue
        ORDER BY queue_id LIMIT p_max) AS next
      WHERE q.queue_id = next.queue_id
      RETURNING q.*)
    INSERT INTO public.log_leaf (
      log_id, log_index, agency_id, stream_id, seq, leaf_hash, kind)
    SELECT 1, v_size + row_number() OVER (ORDER BY queue_id), agency_id,
      stream_id, seq, leaf_hash, kind
    FROM taken ORDER BY queue_id;
    GET DIAGNOSTICS placed = ROW_COUNT;
    IF placed > 0 THEN
      UPDATE public.log SET size = v_size + placed WHERE log_id = 1;
    END IF;
  END IF;
  IF placed = 0 AND tree_size = v_size THEN
    RETURN;
  END IF;
  SELECT string_agg(f.leaf_hash, '' ORDER BY f.log_index) INTO leaves
  FROM public.log_leaf f
  WHERE f.log_id = 1 AND f.log_index > tree_size
    AND f.log_index <= tree_size + p_max;
  SELECT array_agg(t.level ORDER BY t.level), array_agg(t.hashes ORDER BY t.level)
  INTO edge_levels, edge_hashes
  FROM generate_series(0, 7) AS n (level)
  JOIN public.log_tile t
    ON t.log_id = 1 AND t.level = n.level
      AND t.tile_index = (tree_size >> (8 * n.level)) >> 8
  WHERE (tree_size >> (8 * n.level)) % 256 > 0;
END
$$;

-- Second half: the tiles that changed, whole, and the new head.
CREATE FUNCTION extend_tree(
  p_from bigint, p_to bigint, p_root bytea, p_level smallint[],
  p_index bigint[], p_hashes bytea[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.log_tile AS t (log_id, level, tile_index, hashes)
  SELECT 1, n.* FROM unnest(p_level, p_index, p_hashes) AS n
  ON CONFLICT (log_id, level, tile_index) DO UPDATE
    SET hashes = excluded.hashes;
  UPDATE public.log SET tree_size = p_to, root = p_root
  WHERE log_id = 1 AND tree_size = p_from AND p_to <= size;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the tree has moved' USING ERRCODE = '40001';
  END IF;
END
$$;

DROP FUNCTION read_log;
-- Events of the log after a place; an empty agency is all.
CREATE FUNCTION read_log(p_after bigint, p_agency text, p_max integer)
RETURNS TABLE (
  log_index bigint, agency_id text, stream_id uuid, number text, kind smallint,
  seq bigint, type smallint, occurred_date date, recorded_time timestamptz
) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN QUERY
  SELECT f.log_index, f.agency_id, f.stream_id, s.number, s.kind, f.seq,
    e.type, e.occurred_date, e.recorded_time
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

GRANT SELECT ON log_tile TO gongkai_auditor;
GRANT EXECUTE ON FUNCTION sequence_log, extend_tree TO gongkai_service;
GRANT EXECUTE ON FUNCTION read_log, log_head, read_tile, places_of
  TO gongkai_service, gongkai_auditor;
