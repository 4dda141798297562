-- SPDX-License-Identifier: Apache-2.0
-- What a session makes for itself is looked up before the tables and types of
-- every schema unless a path names it. A function with the owner's rights that
-- met such a type would run its checks with them: so pg_temp comes last in the
-- path of all of them.

DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN
    SELECT p.oid FROM pg_proc p
    WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
      AND p.proowner = current_user::regrole LOOP
    EXECUTE format(
      'ALTER FUNCTION %s SET search_path = pg_catalog, public, pg_temp', f);
  END LOOP;
END
$$;
