-- SPDX-License-Identifier: Apache-2.0
-- The newest 50 texts that hold a phrase, by the same kind of index.
\set p random(1, 8)
SELECT id, applicant, substr(content, greatest(strpos(content, (:phrases::text[])[:p]) - 16, 1), 40) FROM bench_text WHERE agency = 'TEXT' AND grams @@ (:words::tsquery[])[:p] AND strpos(content, (:phrases::text[])[:p]) > 0 ORDER BY id DESC LIMIT 50;
