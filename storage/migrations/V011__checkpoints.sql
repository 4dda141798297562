-- SPDX-License-Identifier: Apache-2.0
-- Checkpoints of the log and where they went. Written by the signer alone, whose
-- key no role of this database can read. What stands here proves nothing by
-- itself: the copies outside do.

CREATE TABLE checkpoint (
  log_id smallint NOT NULL,
  tree_size bigint NOT NULL,
  root bytea NOT NULL,
  note text NOT NULL,
  signed_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (log_id, tree_size)
);
COMMENT ON TABLE checkpoint IS 'Signed checkpoints (检查点), append-only.';
COMMENT ON COLUMN checkpoint.log_id IS 'The log.';
COMMENT ON COLUMN checkpoint.tree_size IS 'Entries that it commits to.';
COMMENT ON COLUMN checkpoint.root IS 'Root of the tree of that size.';
COMMENT ON COLUMN checkpoint.note IS 'The signed note (C2SP tlog-checkpoint).';
COMMENT ON COLUMN checkpoint.signed_time IS 'When it was stored.';

CREATE TABLE anchor (
  log_id smallint NOT NULL,
  tree_size bigint NOT NULL,
  kind smallint NOT NULL,
  place text NOT NULL,
  note text NOT NULL,
  anchored_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (log_id, tree_size, kind, place)
);
COMMENT ON TABLE anchor IS 'Where a checkpoint went outside the database (锚定), append-only.';
COMMENT ON COLUMN anchor.log_id IS 'The log.';
COMMENT ON COLUMN anchor.tree_size IS 'The checkpoint.';
COMMENT ON COLUMN anchor.kind IS '1 folder, 2 witness.';
COMMENT ON COLUMN anchor.place IS 'Name of the folder or address of the witness.';
COMMENT ON COLUMN anchor.note IS 'The note as it went out; with the cosignature of a witness.';
COMMENT ON COLUMN anchor.anchored_time IS 'When it had gone out.';

CREATE TRIGGER checkpoint_append_only BEFORE UPDATE OR DELETE ON checkpoint
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER anchor_append_only BEFORE UPDATE OR DELETE ON anchor
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER anchor_no_truncate BEFORE TRUNCATE ON anchor
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE checkpoint ENABLE ALWAYS TRIGGER checkpoint_append_only;
ALTER TABLE checkpoint ENABLE ALWAYS TRIGGER checkpoint_no_truncate;
ALTER TABLE anchor ENABLE ALWAYS TRIGGER anchor_append_only;
ALTER TABLE anchor ENABLE ALWAYS TRIGGER anchor_no_truncate;

-- How far the log is signed and anchored, and when the oldest entry that is not
-- anchored was recorded; that is null when all are.
CREATE FUNCTION log_health() RETURNS TABLE (
  tree_size bigint, signed_size bigint, anchored_size bigint,
  anchored_time timestamptz, unanchored_since timestamptz
) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  v record;
BEGIN
  SELECT l.tree_size INTO tree_size FROM public.log l WHERE l.log_id = 1;
  SELECT coalesce(max(c.tree_size), 0) INTO signed_size
  FROM public.checkpoint c WHERE c.log_id = 1;
  anchored_size := 0;
  SELECT a.tree_size, a.anchored_time INTO anchored_size, anchored_time
  FROM public.anchor a WHERE a.log_id = 1
  ORDER BY a.tree_size DESC, a.anchored_time LIMIT 1;
  anchored_size := coalesce(anchored_size, 0);
  SELECT f.agency_id, f.stream_id, f.seq, f.kind INTO v
  FROM public.log_leaf f
  WHERE f.log_id = 1 AND f.log_index = anchored_size + 1;
  IF NOT FOUND THEN
    SELECT q.agency_id, q.stream_id, q.seq, q.kind INTO v
    FROM public.log_queue q ORDER BY q.queue_id LIMIT 1;
  END IF;
  IF v.kind = 1 THEN
    SELECT e.recorded_time INTO unanchored_since FROM public.event e
    WHERE e.agency_id = v.agency_id AND e.stream_id = v.stream_id
      AND e.seq = v.seq;
  ELSIF v.kind = 2 THEN
    SELECT a.recorded_time INTO unanchored_since FROM public.access a
    WHERE a.agency_id = v.agency_id AND a.access_id = v.stream_id;
  END IF;
  RETURN NEXT;
END
$$;

-- The newest checkpoint of at most p_size entries, 0 for any.
CREATE FUNCTION newest_checkpoint(p_size bigint) RETURNS SETOF checkpoint
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT * FROM public.checkpoint
  WHERE log_id = 1 AND (p_size = 0 OR tree_size <= p_size)
  ORDER BY tree_size DESC LIMIT 1
$$;

-- Where the checkpoint of that size went.
CREATE FUNCTION anchors_of(p_size bigint) RETURNS SETOF anchor
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT * FROM public.anchor WHERE log_id = 1 AND tree_size = p_size
  ORDER BY kind, place
$$;

-- Neither takes what the tree does not hold, so that a false size cannot quiet
-- the alarm about what is not anchored.
CREATE FUNCTION put_checkpoint(p_size bigint, p_root bytea, p_note text)
RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  INSERT INTO public.checkpoint (log_id, tree_size, root, note)
  SELECT l.log_id, p_size, p_root, p_note FROM public.log l
  WHERE l.log_id = 1 AND l.tree_size >= p_size ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION put_anchor(
  p_size bigint, p_kind smallint, p_place text, p_note text
) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  INSERT INTO public.anchor (log_id, tree_size, kind, place, note)
  SELECT c.log_id, p_size, p_kind, p_place, p_note FROM public.checkpoint c
  WHERE c.log_id = 1 AND c.tree_size = p_size ON CONFLICT DO NOTHING
$$;

GRANT USAGE ON SCHEMA public TO gongkai_signer;
GRANT SELECT ON checkpoint, anchor TO gongkai_auditor;
GRANT EXECUTE ON FUNCTION log_health, newest_checkpoint, anchors_of
  TO gongkai_service, gongkai_auditor, gongkai_signer;
GRANT EXECUTE ON FUNCTION log_head, read_tile, put_checkpoint, put_anchor
  TO gongkai_signer;
