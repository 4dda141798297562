-- SPDX-License-Identifier: Apache-2.0
-- Who may do what. gongkai_owner makes the tables, gongkai_service serves one
-- agency at a time, gongkai_auditor reads all. The policies catch a forgotten
-- condition in a statement; they do not hold against a captured service, which
-- names its agency itself.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO gongkai_service, gongkai_auditor;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

GRANT SELECT, INSERT, UPDATE ON stream, counter, case_text, job_state
  TO gongkai_service;
GRANT SELECT, INSERT ON event, private_part, request TO gongkai_service;
GRANT SELECT, INSERT, DELETE ON case_limit TO gongkai_service;
GRANT INSERT ON log_queue TO gongkai_service;
GRANT SELECT ON log, log_leaf TO gongkai_service;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO gongkai_auditor;


DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['stream', 'event', 'private_part', 'request',
    'counter', 'case_limit', 'case_text', 'log_queue', 'log_leaf'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY own_agency ON %I TO gongkai_service
         USING (agency_id = current_setting(''gongkai.agency'', true))
         WITH CHECK (agency_id = current_setting(''gongkai.agency'', true))', t);
    EXECUTE format(
      'CREATE POLICY all_agencies ON %I FOR SELECT TO gongkai_auditor
         USING (true)', t);
  END LOOP;
END
$$;
-- The national calendar is everybody's to read.
CREATE POLICY nation ON stream FOR SELECT TO gongkai_service
  USING (agency_id = 'CN');
CREATE POLICY nation ON event FOR SELECT TO gongkai_service
  USING (agency_id = 'CN');
