-- SPDX-License-Identifier: Apache-2.0
-- The statement of the worklist: a page and one row to see whether there is
-- more.
SELECT * FROM list_worklist(:agency, current_date - 1, '-infinity', '00000000-0000-0000-0000-000000000000', 51);
