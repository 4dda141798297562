-- SPDX-License-Identifier: Apache-2.0
-- The 50 most overdue cases of an agency, by the index.
SELECT id, version, due, phase, number, officer, head FROM bench_case WHERE agency = :agency AND due < current_date ORDER BY due, id LIMIT 50;
