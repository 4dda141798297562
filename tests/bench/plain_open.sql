-- SPDX-License-Identifier: Apache-2.0
-- Open cases of one agency for the plain scripts, most of them overdue. psql
-- variables: agency, cases.
INSERT INTO bench_case
SELECT :'agency', n, 1, current_date - 670 + (n * 700 / :cases)::integer, 2,
  :'agency' || '-2026-' || n, '', decode(md5(n::text), 'hex')
FROM generate_series(1, :cases) AS n;
