-- SPDX-License-Identifier: Apache-2.0
-- A case and its events.
\set n random(1, :cases)
SELECT id, version, due, phase, number, officer, head FROM bench_case WHERE agency = 'HIST' AND id = :n;
SELECT seq, recorded_time, body FROM bench_event WHERE agency = 'HIST' AND id = :n ORDER BY seq;
