-- SPDX-License-Identifier: Apache-2.0
-- The statement of a search: a page and one row to see whether there is more.
\set p random(1, 8)
SELECT * FROM search_phrase(:agency, (:phrases::text[])[:p], (:words::tsquery[])[:p], null, 51);
