-- SPDX-License-Identifier: Apache-2.0
-- An act without any of its duties. Every caller has cases of its own.
\set n 1 + :client_id + :callers * random(0, :cases / :callers - 1)
SELECT version, phase, number, officer, head FROM bench_case WHERE agency = 'ACTS' AND id = :n \gset c_
BEGIN;
INSERT INTO bench_event (agency, id, seq, body) VALUES ('ACTS', :n, :c_version + 1, :body);
UPDATE bench_case SET version = :c_version + 1, phase = 4 WHERE agency = 'ACTS' AND id = :n AND version = :c_version;
COMMIT;
