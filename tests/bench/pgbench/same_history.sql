-- SPDX-License-Identifier: Apache-2.0
-- The statement of a history, with private parts.
\set n random(1, :cases)
SELECT * FROM load_history('HIST', null, 'HIST-' || :year || '-' || lpad(:n::text, 5, '0'), null, true);
