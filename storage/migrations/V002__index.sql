-- SPDX-License-Identifier: Apache-2.0
-- What cases are searched by. None of it is the truth: all of it follows from
-- the events.

CREATE TABLE case_limit (
  agency_id text COLLATE "C" NOT NULL,
  stream_id uuid NOT NULL,
  start_date date NOT NULL,
  due date,
  kind smallint NOT NULL,
  ordinal smallint NOT NULL,
  whose smallint NOT NULL,
  state smallint NOT NULL,
  provisional boolean NOT NULL,
  first boolean NOT NULL,
  PRIMARY KEY (agency_id, stream_id, kind, ordinal)
);
COMMENT ON TABLE case_limit IS
  'The live limits of cases (期限). A table of its own, so that a moved limit leaves the update of the case in place.';
COMMENT ON COLUMN case_limit.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN case_limit.stream_id IS 'The case.';
COMMENT ON COLUMN case_limit.start_date IS 'The day the limit counts from.';
COMMENT ON COLUMN case_limit.due IS 'Last day; none while suspended.';
COMMENT ON COLUMN case_limit.kind IS 'Value of v1.LimitKind.';
COMMENT ON COLUMN case_limit.ordinal IS 'Tells limits of one kind apart.';
COMMENT ON COLUMN case_limit.whose IS 'Value of v1.LimitOwner: who has to act.';
COMMENT ON COLUMN case_limit.state IS 'Value of v1.LimitState: running or suspended.';
COMMENT ON COLUMN case_limit.provisional IS 'The count crosses the last published calendar year.';
COMMENT ON COLUMN case_limit.first IS 'The limit of the agency that runs out first in the case.';

-- The worklist: what runs out first.
CREATE INDEX case_limit_worklist ON case_limit (agency_id, due, stream_id)
  WHERE first;

CREATE TABLE case_text (
  agency_id text COLLATE "C" NOT NULL,
  stream_id uuid NOT NULL,
  arrived date NOT NULL,
  applicant_key bytea NOT NULL,
  content_key bytea NOT NULL,
  applicant_name text NOT NULL,
  content text NOT NULL,
  grams tsvector NOT NULL,
  PRIMARY KEY (agency_id, stream_id)
);
COMMENT ON TABLE case_text IS
  'The words of an application. Apart from the row that acts update, because its indexes are dear.';
COMMENT ON COLUMN case_text.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN case_text.stream_id IS 'The case.';
COMMENT ON COLUMN case_text.arrived IS 'Day of arrival, by which an applicant''s applications are counted.';
COMMENT ON COLUMN case_text.applicant_key IS 'Keyed digest of who applies.';
COMMENT ON COLUMN case_text.content_key IS 'Keyed digest of the normalized content.';
COMMENT ON COLUMN case_text.applicant_name IS 'Name of the applicant.';
COMMENT ON COLUMN case_text.content IS 'What is asked for.';
COMMENT ON COLUMN case_text.grams IS 'Pairs of neighbouring characters of name and content, and whole Latin words.';

-- The one dear index. It serves phrases and also finds the candidates for
-- similarity: a trigram index besides would cost every receipt some hundred
-- entries more, for a question that is asked seldom.
CREATE INDEX case_text_grams ON case_text USING gin (grams);
CREATE INDEX case_text_applicant
  ON case_text (agency_id, applicant_key, arrived);
CREATE INDEX case_text_content ON case_text (agency_id, content_key);
-- The words that are rare, by which like texts are found, are known better
-- from a longer list of those that are common.
ALTER TABLE case_text ALTER COLUMN grams SET STATISTICS 1000;

-- Trigram similarity; where a superuser has not made it already.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
