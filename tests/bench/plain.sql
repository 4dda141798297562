-- SPDX-License-Identifier: Apache-2.0
-- What the plain scripts work on: a case is one row, an event is one row of 600
-- bytes, and there is nothing besides. psql variables: acts (cases to act on),
-- histories (cases with nine events), searched (the agency whose texts are
-- copied).
SET client_min_messages = warning;

CREATE TABLE bench_case (
  agency text COLLATE "C" NOT NULL,
  id bigint NOT NULL,
  version bigint NOT NULL,
  due date,
  phase smallint NOT NULL,
  number text COLLATE "C" NOT NULL,
  officer text COLLATE "C" NOT NULL,
  head bytea NOT NULL,
  PRIMARY KEY (agency, id)
) WITH (fillfactor = 80);
CREATE INDEX bench_case_due ON bench_case (agency, due, id)
  WHERE due IS NOT NULL;

CREATE TABLE bench_event (
  agency text COLLATE "C" NOT NULL,
  id bigint NOT NULL,
  seq bigint NOT NULL,
  recorded_time timestamptz NOT NULL DEFAULT now(),
  body text NOT NULL,
  PRIMARY KEY (agency, id, seq)
);

CREATE TABLE bench_text (
  agency text COLLATE "C" NOT NULL,
  id bigint NOT NULL,
  applicant text NOT NULL,
  content text NOT NULL,
  grams tsvector NOT NULL,
  PRIMARY KEY (agency, id)
);
CREATE INDEX bench_text_grams ON bench_text USING gin (grams);

INSERT INTO bench_case
SELECT 'ACTS', n, 0, NULL, 3, 'ACTS-2026-' || n, 'li', decode(md5(n::text), 'hex')
FROM generate_series(1, :acts) AS n;

INSERT INTO bench_case
SELECT 'HIST', n, 9, NULL, 7, 'HIST-2026-' || n, 'li', decode(md5(n::text), 'hex')
FROM generate_series(1, :histories) AS n;
INSERT INTO bench_event (agency, id, seq, body)
SELECT 'HIST', n, seq, rpad(md5((n * 10 + seq)::text), 600, 'x')
FROM generate_series(1, :histories) AS n, generate_series(1, 9) AS seq;

INSERT INTO bench_text
SELECT 'TEXT', row_number() OVER (ORDER BY stream_id), applicant_name, content,
  grams
FROM case_text WHERE agency_id = :'searched';

-- The cases that acts are done on, by number, for the scripts that use the
-- service's own statements.
CREATE TABLE bench_supply (
  n bigint PRIMARY KEY,
  agency text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  stream uuid NOT NULL
);
INSERT INTO bench_supply
SELECT row_number() OVER (ORDER BY right(number, 5), agency_id) - 1, agency_id,
  number, stream_id
FROM stream WHERE kind = 1 AND agency_id LIKE 'MANY%';
GRANT SELECT ON bench_supply TO gongkai_service;
