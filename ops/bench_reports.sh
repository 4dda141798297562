# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What ops/bench --reports fills and measures. Sourced by it, never run; what is
# not defined here is defined there.

# Agencies above the others are two; the largest has three in a hundred cases.
AGENCIES=200

# fill_decade CASES: the kept database bench_decade_CASES.
fill_decade() {
  local cases=$1 database="bench_decade_$1" mark begun=$SECONDS from=2016
  if ((cases > 200000)); then from=2024; fi
  mark="$(cat "$ROOT"/storage/migrations/V*.sql \
    "$ROOT"/tests/bench/{decade,decade_life,decade_past,decade_remedies}.cc \
    "$ROOT"/tests/bench/{fill,words,bulk_store,copy_writer}.cc |
    cksum | tr ' ' -)"
  if [[ -z $REFILL && $(cat "$VAR/$database.mark" 2>/dev/null) == "$mark" ]] &&
    exists "$database"; then
    note "the kept $cases cases are taken; --refill makes new ones"
    return
  fi
  say "Filling: $cases cases of ten years"
  rm -f "$VAR/$database.mark"
  drop "$database"
  sql postgres "CREATE DATABASE $database OWNER gongkai_owner"
  sql "$database" "SET client_min_messages = warning;
    CREATE EXTENSION IF NOT EXISTS pg_trgm"
  "$BIN/gongkai-server" migrate --database "$(dsn gongkai_owner "$database")"
  fill_by "$database" decade --cases "$cases" --agencies "$AGENCIES" \
    --service-from "$from"
  "$BIN/gongkai-bench" sequence --database "$(dsn gongkai_service "$database")"
  sql "$database" "VACUUM (ANALYZE)"
  echo "$mark" >"$VAR/$database.mark"
  note "filled in $((SECONDS - begun)) s"
}

# On copies, for reports leave records and acts cases.
report_cost() {
  local sizes=(10000) cases databases=''
  if ((CASES > 100000)); then sizes+=(100000); fi
  if ((CASES != 10000)); then sizes+=("$CASES"); fi
  for cases in "${sizes[@]}"; do fill_decade "$cases"; done
  for cases in "${sizes[@]}"; do
    copy "bench_decade_$cases" "bench_reports_$cases"
    databases+="${databases:+,}bench_reports_$cases"
  done
  sql postgres CHECKPOINT
  say "Measuring: load of the machine $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
  "$BIN/gongkai-report-bench" --host "host=$PG_SOCKETS" --databases "$databases" \
    --agencies "$AGENCIES" --source "$ROOT" --request-key "$KEY" --vault "$VAULT" \
    --rounds "$((ROUNDS > 20 ? ROUNDS : 20))" --seconds "$SECONDS_EACH" \
    2>"$VAR/report-bench.log" 1>&3 ||
    { tail -n 3 "$VAR/report-bench.log"; return 1; }
  for cases in "${sizes[@]}"; do drop "bench_reports_$cases"; done
}
