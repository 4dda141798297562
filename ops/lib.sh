# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# What the scripts of ops/ share: places, packages, the private PostgreSQL and
# the service by their pid files. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VAR="$ROOT/var"
BIN="$ROOT/build/release/bin"
PG_BIN=/usr/lib/postgresql/15/bin
SERVICE_ADDRESS=127.0.0.1:7070
METRICS_ADDRESS=127.0.0.1:7071
ADMIN_ADDRESS=127.0.0.1:7074
WITNESS_ADDRESS=127.0.0.1:7072
PROXY_ADDRESS=${GONGKAI_PROXY_BIND:-127.0.0.1:7080}

# What building and running needs, all of Debian 12.
PACKAGES=(
  g++ cmake ninja-build ccache mold pkg-config
  libgrpc++-dev libgrpc-dev protobuf-compiler-grpc
  protobuf-compiler libprotobuf-dev
  libpqxx-dev libabsl-dev libgtest-dev libgmock-dev
  postgresql-15
  libutf8proc-dev libcli11-dev nlohmann-json3-dev libssl-dev libcpp-httplib-dev
  libsodium-dev libxlsxwriter-dev libcurl4-openssl-dev
  python3-aiosmtpd python3-openpyxl
  prometheus-cpp-dev python3 openssl strace haproxy
)
# What ops/check, ops/fix and ops/fuzz need besides.
TOOL_PACKAGES=(
  clang-format-14 clang-tidy-14 shellcheck clang-14 libclang-rt-14-dev
)

say() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# A stable short name of this checkout, for directories outside it.
checkout_id() { printf '%s' "$ROOT" | cksum | cut -d' ' -f1; }

# ---- Building ---------------------------------------------------------------

# Compiled objects are shared by all build folders and by all checkouts.
use_ccache() {
  export CCACHE_DIR="${CCACHE_DIR:-$ROOT/.cache/ccache}"
  export CCACHE_BASEDIR="$ROOT" CCACHE_NOHASHDIR=1
  export CCACHE_SLOPPINESS=pch_defines,time_macros
}

# build PRESET [TARGET…]: configures and builds.
build() {
  local preset=$1
  shift
  use_ccache
  local targets=()
  if (($# > 0)); then targets=(--target "$@"); fi
  local log="$ROOT/build/configure-$preset.log"
  mkdir -p "$ROOT/build"
  if ! (cd "$ROOT" && cmake --preset "$preset" >"$log" 2>&1); then
    cat "$log" >&2
    die "cmake --preset $preset failed"
  fi
  (cd "$ROOT" && cmake --build --preset "$preset" -j "$(nproc)" "${targets[@]}")
}

# ---- The unprivileged user --------------------------------------------------

# PostgreSQL refuses to run as root: then it runs as the package's own user.
db_user() { if ((EUID == 0)); then echo postgres; else id -un; fi; }

# as_db COMMAND…: runs COMMAND as that user, in a directory it can read.
as_db() {
  if ((EUID == 0)); then
    (cd / && runuser -u postgres -- "$@")
  else
    (cd / && "$@")
  fi
}

# ---- The private PostgreSQL -------------------------------------------------

# Sets PG_DATA, PG_SOCKETS and PG_LOG. The cluster lies under var/pg; where the
# unprivileged user cannot enter that folder (a checkout in a closed home), it
# lies under /var/tmp instead.
find_cluster() {
  local home="$VAR/pg"
  mkdir -p "$VAR"
  chmod o+x "$VAR" 2>/dev/null || true
  if ! as_db test -x "$VAR"; then
    home="/var/tmp/gongkai-$(checkout_id)"
    note "$(db_user) cannot enter $VAR: the database lies in $home"
  fi
  if [[ ! -d $home ]]; then
    mkdir -p "$home"
    chown "$(db_user)" "$home"
    chmod 700 "$home"
  fi
  PG_DATA="$home/data"
  PG_LOG="$home/log"
  PG_SOCKETS="$home/run"
  # The system takes socket paths of at most 107 bytes.
  if ((${#PG_SOCKETS} + 18 > 107)); then
    PG_SOCKETS="/tmp/gongkai-$(checkout_id)"
    note "the path is too long for a socket: sockets lie in $PG_SOCKETS"
  fi
  as_db mkdir -p "$PG_SOCKETS"
  as_db chmod 700 "$PG_SOCKETS" || die "$PG_SOCKETS belongs to another user"
}

# dsn ROLE [DATABASE]
dsn() { printf 'host=%s dbname=%s user=%s' "$PG_SOCKETS" "${2:-gongkai}" "$1"; }

db_running() { as_db "$PG_BIN/pg_ctl" status -D "$PG_DATA" >/dev/null 2>&1; }

# Makes the cluster once. Only its own user can reach the socket, so that the
# roles need no passwords on it; there is no TCP port.
make_cluster() {
  if as_db test -f "$PG_DATA/PG_VERSION"; then return; fi
  note "making the cluster in $PG_DATA"
  as_db "$PG_BIN/initdb" -D "$PG_DATA" -U superuser --auth=trust -E UTF8 \
    --locale=C.UTF-8 --data-checksums >/dev/null
  as_db tee -a "$PG_DATA/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$PG_SOCKETS'
unix_socket_permissions = 0700
timezone = 'UTC'
log_timezone = 'UTC'
shared_buffers = 256MB
max_connections = 100
CONF
}

start_db() {
  make_cluster
  if db_running; then return; fi
  as_db "$PG_BIN/pg_ctl" start -w -s -D "$PG_DATA" -l "$PG_LOG"
}

stop_db() {
  if db_running; then
    as_db "$PG_BIN/pg_ctl" stop -w -s -m fast -D "$PG_DATA"
    note "PostgreSQL stopped"
  fi
}

superuser_sql() {
  as_db "$PG_BIN/psql" -qAtX -v ON_ERROR_STOP=1 -d "$(dsn superuser "$1")" -c "$2"
}

# The five roles, the database of the first and what only a superuser may add;
# everything else is made by `gongkai-server migrate`.
make_database() {
  local role
  for role in gongkai_owner gongkai_service gongkai_auditor gongkai_signer \
    gongkai_report; do
    if [[ -z $(superuser_sql postgres \
      "SELECT 1 FROM pg_roles WHERE rolname = '$role'") ]]; then
      superuser_sql postgres "CREATE ROLE $role LOGIN"
    fi
  done
  if [[ -z $(superuser_sql postgres \
    "SELECT 1 FROM pg_database WHERE datname = 'gongkai'") ]]; then
    superuser_sql postgres "CREATE DATABASE gongkai OWNER gongkai_owner"
  fi
  superuser_sql gongkai "SET client_min_messages = warning;
    CREATE EXTENSION IF NOT EXISTS pg_trgm"
}

# ---- The service ------------------------------------------------------------

SERVICE_PID="$VAR/gongkai-server.pid"
SERVICE_LOG="$VAR/gongkai-server.log"

# running_pid FILE PROGRAM: the pid in FILE while it runs PROGRAM; fails when
# there is none. The name is looked at too, for a pid may have been given to
# another since.
running_pid() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 1
  [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "$2" ]] || return 1
  echo "$pid"
}

# stop_program FILE PROGRAM WORDS: SIGTERM, and 30 seconds to finish.
stop_program() {
  local pid tries=300
  pid=$(running_pid "$1" "$2") || return 0
  kill -TERM "$pid"
  while [[ -d /proc/$pid ]] && ((tries-- > 0)); do sleep 0.1; done
  if [[ -d /proc/$pid ]]; then kill -KILL "$pid"; fi
  rm -f "$1"
  note "$3 stopped"
}

service_pid() { running_pid "$SERVICE_PID" gongkai-server; }

# What only the service may read: 32 random bytes that key the remembered request
# bodies, and the outer keys of what is sealed.
make_service_keys() {
  mkdir -p "$VAR/keys"
  chmod 700 "$VAR/keys"
  if [[ ! -s $VAR/keys/request.key ]]; then
    (umask 077 && head -c 32 /dev/urandom >"$VAR/keys/request.key")
  fi
  if [[ ! -s $VAR/keys/vault ]]; then
    "$BIN/gongkai-server" keys generate --out "$VAR/keys/vault" >/dev/null
    note "made the outer keys in var/keys/vault: a copy belongs elsewhere"
  fi
}

start_service() {
  if service_pid >/dev/null; then stop_service; fi
  (
    cd "$ROOT" || exit
    nohup "$BIN/gongkai-server" serve \
      --database "$(dsn gongkai_service)" \
      --listen "$SERVICE_ADDRESS" --metrics "$METRICS_ADDRESS" \
      --admin-listen "$ADMIN_ADDRESS" \
      --tls-cert var/keys/server.crt --tls-key var/keys/server.key \
      --tls-client-ca var/keys/ca.crt --trusted-proxy 127.0.0.1/32 \
      --rulebook ops/rulebook --request-key var/keys/request.key \
      --vault var/keys/vault \
      --anchor-dir var/anchors --log-vkey var/keys/log.vkey \
      --max-backdating-days 36500 \
      >>"$SERVICE_LOG" 2>&1 </dev/null &
    echo $! >"$SERVICE_PID"
  )
}

# Waits until the service answers that it serves.
await_service() {
  local tries=150
  until "$BIN/gongkai" health --ca "$VAR/keys/ca.crt" --server "$SERVICE_ADDRESS" >/dev/null 2>&1; do
    service_pid >/dev/null || {
      tail -n 20 "$SERVICE_LOG" >&2
      die "the service ended; its log is $SERVICE_LOG"
    }
    ((tries-- > 0)) || die "the service does not answer on $SERVICE_ADDRESS"
    sleep 0.2
  done
}

# SIGTERM drains.
stop_service() { stop_program "$SERVICE_PID" gongkai-server service; }

# ---- Signer and witness -----------------------------------------------------

# Name of a log that nobody named otherwise.
LOG_ORIGIN=gongkai
WITNESS_NAME=witness.local
SIGNER_PID="$VAR/gongkai-signer.pid"
SIGNER_LOG="$VAR/gongkai-signer.log"
WITNESS_PID="$VAR/gongkai-witness.pid"
WITNESS_LOG="$VAR/gongkai-witness.log"

# make_key FILE NAME USE: a private key, 0600, and its verifier key beside it.
make_key() {
  local file="$VAR/keys/$1"
  if [[ ! -s $file.key ]]; then
    "$BIN/gongkai-verify" keygen --name "$2" --use "$3" --out "$file.key" >/dev/null
  fi
  "$BIN/gongkai-verify" vkey "$file.key" --name "$2" --use "$3" >"$file.vkey"
}

make_log_keys() {
  mkdir -p "$VAR/keys" "$VAR/anchors" "$VAR/signer" "$VAR/witness"
  chmod 700 "$VAR/keys"
  make_key log "$LOG_ORIGIN" sign
  make_key witness "$WITNESS_NAME" cosign
}

start_witness() {
  stop_program "$WITNESS_PID" gongkai-verify witness
  (
    cd "$ROOT" || exit
    nohup "$BIN/gongkai-verify" witness --listen "$WITNESS_ADDRESS" \
      --key var/keys/witness.key --name "$WITNESS_NAME" --state var/witness \
      --log var/keys/log.vkey >>"$WITNESS_LOG" 2>&1 </dev/null &
    echo $! >"$WITNESS_PID"
  )
}

# sign ARGUMENT…: the signer; with --once it ends by itself.
sign() {
  cd "$ROOT" || exit
  exec "$BIN/gongkai-server" audit sign --database "$(dsn gongkai_signer)" \
    --key var/keys/log.key --state var/signer/state --anchor var/anchors \
    --witness "http://$WITNESS_ADDRESS,$(<var/keys/witness.vkey)" "$@"
}

start_signer() {
  stop_program "$SIGNER_PID" gongkai-server signer
  (
    trap '' HUP
    sign >>"$SIGNER_LOG" 2>&1 </dev/null &
    echo $! >"$SIGNER_PID"
  )
}

# The last entries leave the house too.
stop_signer() {
  running_pid "$SIGNER_PID" gongkai-server >/dev/null || return 0
  stop_program "$SIGNER_PID" gongkai-server signer
  (sign --once >>"$SIGNER_LOG" 2>&1) ||
    note "the last checkpoint is not everywhere; see ${SIGNER_LOG#"$ROOT"/}"
}

stop_witness() { stop_program "$WITNESS_PID" gongkai-verify witness; }

# ---- The front proxy --------------------------------------------------------

PROXY_PID="$VAR/haproxy.pid"
PROXY_LOG="$VAR/haproxy.log"

# Under root it begins as root and goes on as the package's own user, as Debian's
# service does.
start_proxy() {
  stop_proxy
  local user=()
  if ((EUID == 0)); then
    printf 'global\n  user haproxy\n  group haproxy\n' >"$VAR/haproxy-user.cfg"
    user=(-f "$VAR/haproxy-user.cfg")
  fi
  (
    cd "$ROOT" || exit
    # Both its sides speak TLS, by the certificate of the service.
    (umask 077 && mkdir -p "$VAR/keys/proxy" &&
      cat "$VAR/keys/server.crt" "$VAR/keys/server.key" >"$VAR/keys/proxy/server.pem")
    GONGKAI_PROXY_BIND=$PROXY_ADDRESS GONGKAI_PROXY_SERVICE=$SERVICE_ADDRESS \
      GONGKAI_PROXY_BIND_OPTIONS="ssl crt $VAR/keys/proxy alpn h2 ssl-min-ver TLSv1.2" \
      GONGKAI_PROXY_SERVICE_OPTIONS="ssl alpn h2 check-alpn h2 ca-file $VAR/keys/ca.crt verify required sni str(localhost)" \
      nohup haproxy -db -f ops/haproxy.cfg "${user[@]}" \
      >>"$PROXY_LOG" 2>&1 </dev/null &
    echo $! >"$PROXY_PID"
  )
}

# At once: calls under way through it end.
stop_proxy() { stop_program "$PROXY_PID" haproxy proxy; }
