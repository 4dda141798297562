-- SPDX-License-Identifier: Apache-2.0
-- Streams of events (事件流) and what belongs to each event. Every key leads
-- with the agency, so that the tables can be spread by agency.

CREATE TABLE stream (
  agency_id text COLLATE "C" NOT NULL,
  stream_id uuid NOT NULL,
  version bigint NOT NULL,
  opened_time timestamptz NOT NULL,
  done_time timestamptz,
  received_date date,
  kind smallint NOT NULL,
  phase smallint NOT NULL,
  outcome smallint NOT NULL,
  applicant_kind smallint NOT NULL,
  number text COLLATE "C",
  head bytea NOT NULL,
  officer text COLLATE "C" NOT NULL,
  department text COLLATE "C" NOT NULL,
  calendar_version text COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, stream_id),
  UNIQUE (agency_id, number)
) WITH (fillfactor = 80);
COMMENT ON TABLE stream IS
  'One row per stream: its version, the head of its chain and, for a case, what it is listed by. Acts update it in place (HOT): no index may name a column that most acts change.';
COMMENT ON COLUMN stream.agency_id IS 'Code of the agency; CN for the nation.';
COMMENT ON COLUMN stream.stream_id IS 'UUID of version 7, so that its order is that of receipt.';
COMMENT ON COLUMN stream.version IS 'Sequence number of the last event.';
COMMENT ON COLUMN stream.opened_time IS 'Record time of the first event.';
COMMENT ON COLUMN stream.done_time IS 'Record time at which nothing was left to do.';
COMMENT ON COLUMN stream.received_date IS 'Day of receipt in the sense of the law; none while unconfirmed.';
COMMENT ON COLUMN stream.kind IS '1 case, 2 agency, 3 account, 4 calendar.';
COMMENT ON COLUMN stream.phase IS 'Value of v1.Phase.';
COMMENT ON COLUMN stream.outcome IS 'Value of v1.Outcome; 0 while there is none.';
COMMENT ON COLUMN stream.applicant_kind IS 'Value of v1.ApplicantKind.';
COMMENT ON COLUMN stream.number IS 'Number of the case, given once; none for other streams.';
COMMENT ON COLUMN stream.head IS 'Hash of the last event.';
COMMENT ON COLUMN stream.officer IS 'Account of the handling officer; empty when unassigned.';
COMMENT ON COLUMN stream.department IS 'Code of the handling department; empty when unassigned.';
COMMENT ON COLUMN stream.calendar_version IS 'Calendar that the last event pinned.';

-- Open cases in the order of receipt: for jobs and for the list of open ones.
CREATE INDEX stream_open ON stream (agency_id, stream_id)
  WHERE kind = 1 AND done_time IS NULL;
-- The open cases of one officer.
CREATE INDEX stream_officer ON stream (agency_id, officer, stream_id)
  WHERE kind = 1 AND done_time IS NULL AND officer <> '';
-- Cases by day of receipt, those without one last.
CREATE INDEX stream_received
  ON stream (agency_id, (coalesce(received_date, 'infinity'::date)), stream_id)
  WHERE kind = 1;
-- The agencies.
CREATE INDEX stream_agency ON stream (agency_id) WHERE kind = 2;

CREATE TABLE event (
  agency_id text COLLATE "C" NOT NULL,
  stream_id uuid NOT NULL,
  seq bigint NOT NULL,
  recorded_time timestamptz NOT NULL,
  occurred_date date NOT NULL,
  type smallint NOT NULL,
  event_id uuid NOT NULL,
  request_id uuid NOT NULL,
  hash bytea NOT NULL,
  leaf_hash bytea NOT NULL,
  record bytea NOT NULL,
  PRIMARY KEY (agency_id, stream_id, seq)
);
COMMENT ON TABLE event IS 'Every event, append-only. Nothing of a person is in it.';
COMMENT ON COLUMN event.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN event.stream_id IS 'The stream.';
COMMENT ON COLUMN event.seq IS '1, 2, 3 … within the stream.';
COMMENT ON COLUMN event.recorded_time IS 'When the server recorded it.';
COMMENT ON COLUMN event.occurred_date IS 'The day on which it happened in the world.';
COMMENT ON COLUMN event.type IS 'Field number in v1.Event.';
COMMENT ON COLUMN event.event_id IS 'UUID of the event.';
COMMENT ON COLUMN event.request_id IS 'UUID of the request that caused it.';
COMMENT ON COLUMN event.hash IS 'SHA-256(0x02 ‖ record), which the next record names.';
COMMENT ON COLUMN event.leaf_hash IS 'SHA-256(0x00 ‖ record), the leaf of the log.';
COMMENT ON COLUMN event.record IS 'The canonical bytes, as hashed.';

CREATE TABLE private_part (
  agency_id text COLLATE "C" NOT NULL,
  stream_id uuid NOT NULL,
  seq bigint NOT NULL,
  erased_time timestamptz,
  salt bytea,
  payload bytea,
  PRIMARY KEY (agency_id, stream_id, seq)
);
COMMENT ON TABLE private_part IS
  'What an event says of persons. The record holds a salted commitment to it, so that it can be destroyed and the record still be proved.';
COMMENT ON COLUMN private_part.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN private_part.stream_id IS 'The stream.';
COMMENT ON COLUMN private_part.seq IS 'The event.';
COMMENT ON COLUMN private_part.erased_time IS 'When salt and payload were destroyed.';
COMMENT ON COLUMN private_part.salt IS '32 random bytes of the commitment.';
COMMENT ON COLUMN private_part.payload IS 'Serialized private part of the event.';

CREATE TABLE request (
  agency_id text COLLATE "C" NOT NULL,
  request_id uuid NOT NULL,
  stream_id uuid NOT NULL,
  seq bigint NOT NULL,
  mac bytea NOT NULL,
  PRIMARY KEY (agency_id, request_id)
);
COMMENT ON TABLE request IS 'Requests that were carried out, so that a repeated one is answered and not done again.';
COMMENT ON COLUMN request.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN request.request_id IS 'UUID that the caller chose.';
COMMENT ON COLUMN request.stream_id IS 'The stream it wrote to.';
COMMENT ON COLUMN request.seq IS 'The event it caused.';
COMMENT ON COLUMN request.mac IS 'Keyed digest of the body: the same id with another body is refused.';

CREATE TABLE counter (
  agency_id text COLLATE "C" NOT NULL,
  year integer NOT NULL,
  last bigint NOT NULL,
  PRIMARY KEY (agency_id, year)
) WITH (fillfactor = 50);
COMMENT ON TABLE counter IS 'Serial numbers of cases, without gaps: the row is locked until the receipt is committed.';
COMMENT ON COLUMN counter.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN counter.year IS 'Year of arrival.';
COMMENT ON COLUMN counter.last IS 'The last serial number given.';
