-- SPDX-License-Identifier: Apache-2.0
-- Accounts (账号) beside their streams: what must be found without folding, and
-- secrets, which may not be in the record. What has to be looked up across
-- agencies, or is secret, no role but the owner can read: the functions below
-- answer for one key at a time.

CREATE TABLE account (
  agency_id text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  last_sign_in timestamptz,
  kind smallint NOT NULL,
  post smallint NOT NULL,
  active boolean NOT NULL,
  person text COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, account)
) WITH (fillfactor = 80);
COMMENT ON TABLE account IS 'One row per account, as the last event of its stream left it.';
COMMENT ON COLUMN account.agency_id IS 'Code of the agency; CN for the installation itself.';
COMMENT ON COLUMN account.account IS 'Name of the account within the agency, never used again.';
COMMENT ON COLUMN account.last_sign_in IS 'When a session was last begun; not in the record.';
COMMENT ON COLUMN account.kind IS 'Value of v1.AccountKind.';
COMMENT ON COLUMN account.post IS 'The administrator''s role that the person holds by this account (value of v1.Role); 0 for none.';
COMMENT ON COLUMN account.active IS 'Whether it may be used.';
COMMENT ON COLUMN account.person IS 'Identifier of the natural person.';
-- One natural person holds one of the three administrators' posts (三员), in
-- whatever agency.
CREATE UNIQUE INDEX account_post ON account (person) WHERE post <> 0;
CREATE INDEX account_person ON account (person);

CREATE TABLE account_key (
  kind smallint NOT NULL,
  digest bytea NOT NULL,
  agency_id text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, digest)
);
COMMENT ON TABLE account_key IS 'What an account is known by besides its name.';
COMMENT ON COLUMN account_key.kind IS '1 fingerprint of a certificate, 2 subject at an identity provider.';
COMMENT ON COLUMN account_key.digest IS 'SHA-256 of it.';
COMMENT ON COLUMN account_key.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN account_key.account IS 'The account.';
CREATE INDEX account_key_account ON account_key (agency_id, account);

CREATE TABLE person (
  digest bytea PRIMARY KEY,
  person text COLLATE "C" NOT NULL
);
COMMENT ON TABLE person IS 'Natural persons behind accounts: the identifier, found by a keyed digest.';
COMMENT ON COLUMN person.digest IS 'Keyed digest of the identity number.';
COMMENT ON COLUMN person.person IS 'Identifier, which says nothing of the person.';

CREATE TABLE credential (
  agency_id text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (agency_id, account)
);
COMMENT ON TABLE credential IS 'Secrets of accounts, sealed under a key outside the database.';
COMMENT ON COLUMN credential.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN credential.account IS 'The account.';
COMMENT ON COLUMN credential.version IS 'Counts up with every change.';
COMMENT ON COLUMN credential.sealed IS 'The sealed secrets.';

CREATE TABLE revocation (
  revocation_id smallint PRIMARY KEY,
  raised bigint NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE revocation IS
  'One row. Acts only read it; it is updated by what takes something away, last in its transaction.';
COMMENT ON COLUMN revocation.revocation_id IS 'Always 1.';
COMMENT ON COLUMN revocation.raised IS 'How often an account, a grant or a session was changed or ended.';
INSERT INTO revocation (revocation_id, raised) VALUES (1, 0);

-- The stream of an account follows from its name, as storage/store.h says.
CREATE FUNCTION account_stream(p_account text) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v bytea := substring(
    sha256(convert_to('account' || chr(10) || p_account, 'UTF8')) FOR 16);
BEGIN
  v := set_byte(v, 6, get_byte(v, 6) & 15 | 128);
  v := set_byte(v, 8, get_byte(v, 8) & 63 | 128);
  RETURN encode(v, 'hex')::uuid;
END
$$;

CREATE FUNCTION raise_revocation() RETURNS void LANGUAGE sql AS $$
  UPDATE public.revocation SET raised = raised + 1 WHERE revocation_id = 1
$$;

-- Accounts of an agency by name, after one.
CREATE FUNCTION accounts_in(p_agency text, p_after text, p_limit integer)
RETURNS SETOF account LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_agency text := set_config('gongkai.agency', p_agency, true);
BEGIN
  RETURN QUERY
  SELECT a.* FROM account a
  WHERE a.agency_id = p_agency AND a.account > p_after COLLATE "C"
  ORDER BY a.account
  LIMIT p_limit;
END
$$;

-- All accounts of a person.
CREATE FUNCTION accounts_of(p_person text) RETURNS SETOF account
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT * FROM public.account WHERE person = p_person
  ORDER BY agency_id, account
$$;

-- The account that has a key.
CREATE FUNCTION account_with(p_kind smallint, p_digest bytea)
RETURNS SETOF account LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.* FROM public.account_key k
  JOIN public.account a
    ON a.agency_id = k.agency_id AND a.account = k.account
  WHERE k.kind = p_kind AND k.digest = p_digest
$$;

-- The identifier of the person with the digest; p_fresh becomes it when the
-- person is new.
CREATE FUNCTION person_for(p_digest bytea, p_fresh text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_person text;
BEGIN
  INSERT INTO public.person (digest, person) VALUES (p_digest, p_fresh)
  ON CONFLICT (digest) DO NOTHING;
  SELECT p.person INTO v_person FROM public.person p
  WHERE p.digest = p_digest;
  RETURN v_person;
END
$$;

-- The sealed secrets of one account.
CREATE FUNCTION read_credential(
  p_agency text, p_account text, OUT version bigint, OUT sealed bytea
) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT version, sealed FROM public.credential
  WHERE agency_id = p_agency AND account = p_account
$$;

-- Puts secrets in the place of version p_version, 0 for none; false when
-- another came between. Asked again after a lost answer it is true.
CREATE FUNCTION put_credential(
  p_agency text, p_account text, p_version bigint, p_sealed bytea
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF p_version = 0 THEN
    INSERT INTO public.credential (agency_id, account, version, sealed)
    VALUES (p_agency, p_account, 1, p_sealed)
    ON CONFLICT DO NOTHING;
  ELSE
    UPDATE public.credential c SET version = p_version + 1, sealed = p_sealed
    WHERE c.agency_id = p_agency AND c.account = p_account
      AND c.version = p_version;
  END IF;
  RETURN FOUND OR EXISTS (
    SELECT FROM public.credential c
    WHERE c.agency_id = p_agency AND c.account = p_account
      AND c.version = p_version + 1 AND c.sealed = p_sealed);
END
$$;

GRANT SELECT ON revocation TO gongkai_service, gongkai_auditor;
GRANT SELECT ON account TO gongkai_service, gongkai_auditor;
GRANT SELECT ON account_key TO gongkai_auditor;
GRANT EXECUTE ON FUNCTION accounts_in TO gongkai_service, gongkai_auditor;
GRANT EXECUTE ON FUNCTION accounts_of, account_with, person_for,
  read_credential, put_credential TO gongkai_service;

ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_agency ON account FOR SELECT TO gongkai_service
  USING (agency_id = current_setting('gongkai.agency', true));
CREATE POLICY all_agencies ON account FOR SELECT TO gongkai_auditor
  USING (true);
ALTER TABLE account_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_agencies ON account_key FOR SELECT TO gongkai_auditor
  USING (true);
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE credential ENABLE ROW LEVEL SECURITY;
