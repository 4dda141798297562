# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Certificates and accounts of the service that ops/up starts. Sourced after
# lib.sh, never run.

# ---- TLS --------------------------------------------------------------------

# fresh FILE: whether the certificate is there and good for 30 days yet.
fresh() { openssl x509 -in "$1" -noout -checkend 2592000 >/dev/null 2>&1; }

# certify NAME SUBJECT EXTENSIONS: a key, 0600, and its certificate by the
# private authority, both new.
certify() {
  local base="$VAR/keys/$1"
  (
    umask 077
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
      -keyout "$base.key.new" -subj "/CN=$2" -out "$base.csr" 2>/dev/null
    openssl x509 -req -in "$base.csr" -CA "$VAR/keys/ca.crt" \
      -CAkey "$VAR/keys/ca.key" -set_serial "0x$(openssl rand -hex 16)" \
      -days 397 -out "$base.crt.new" -extfile <(printf '%s\n' \
        'basicConstraints=critical,CA:FALSE' \
        'keyUsage=critical,digitalSignature' "$3") 2>/dev/null
  ) || die "openssl cannot make the certificate $base.crt"
  rm -f "$base.csr"
  mv "$base.key.new" "$base.key"
  mv "$base.crt.new" "$base.crt"
}

# An authority of this checkout alone, and what it vouches for: the service, and
# the portal, which has no password. An office takes its own authority's.
make_certificates() {
  mkdir -p "$VAR/keys"
  chmod 700 "$VAR/keys"
  if ! fresh "$VAR/keys/ca.crt"; then
    note "making a private certificate authority: var/keys/ca.crt"
    (
      umask 077
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout "$VAR/keys/ca.key" -out "$VAR/keys/ca.crt" -days 3650 \
        -subj "/CN=Gongkai private authority $(checkout_id)" \
        -addext 'keyUsage=critical,keyCertSign,cRLSign' 2>/dev/null
    ) || die "openssl cannot make var/keys/ca.crt"
    rm -f "$VAR/keys/server.crt" "$VAR/keys/portal.crt"
  fi
  if ! fresh "$VAR/keys/server.crt"; then
    certify server gongkai 'subjectAltName=IP:127.0.0.1,DNS:localhost'
  fi
  if ! fresh "$VAR/keys/portal.crt"; then
    certify portal portal 'extendedKeyUsage=clientAuth'
  fi
}

# ---- Accounts ---------------------------------------------------------------

# The command line, as ops/up and its reader use it.
gongkai() {
  "$BIN/gongkai" --server "$SERVICE_ADDRESS" --admin-server "$ADMIN_ADDRESS" \
    --ca "$VAR/keys/ca.crt" "$@"
}

# has_account AGENCY NAME: it was set up here before.
has_account() { [[ -s $VAR/accounts/$1/$2.recovery ]]; }

# open_accounts AGENCY NAME=ROLES…: the first accounts of an agency, by the hand
# of whoever runs the machine; `portal` is the service account of that name,
# known by its certificate alone. Those set up before are left alone.
open_accounts() {
  local agency=$1 folder="$VAR/accounts/$1" one arguments=()
  shift
  (umask 077 && mkdir -p "$folder")
  for one in "$@"; do
    if [[ $one == portal ]]; then
      if [[ ! -e $folder/portal.crt ]] ||
        ! cmp -s "$folder/portal.crt" "$VAR/keys/portal.crt"; then
        arguments+=(--service portal=portal
          --certificate "portal=$VAR/keys/portal.crt")
        cp "$VAR/keys/portal.crt" "$folder/portal.crt"
      fi
    elif ! has_account "$agency" "${one%%=*}"; then
      arguments+=(--account "$one")
    fi
  done
  if ((${#arguments[@]} == 0)); then return; fi
  "$BIN/gongkai-server" account init --database "$(dsn gongkai_service)" \
    --vault "$VAR/keys/vault" --agency "$agency" --codes "$folder" \
    "${arguments[@]}"
}

# set_up AGENCY NAME: by the code in var/accounts, with a password that chance
# makes; what the holder needs is kept beside it, for this user alone.
set_up() {
  local base="$VAR/accounts/$1/$2"
  (umask 077 && openssl rand -base64 18 >"$base.password")
  rm -f "$base.totp" "$base.recovery"
  gongkai set-up --account "$1/$2" --code-file "$base.code" \
    --password-file "$base.password" --totp-out "$base.totp" \
    --recovery-out "$base.recovery" >/dev/null
  rm -f "$base.code"
}

# sign_in AGENCY NAME: unless it is signed in. A code of the second factor serves
# once: with a used one, the next half minute is waited for.
sign_in() {
  local base="$VAR/accounts/$1/$2" tries=2
  if gongkai whoami --account "$1/$2" >/dev/null 2>&1; then return; fi
  until gongkai sign-in --account "$1/$2" --password-file "$base.password" \
    --second-factor "$(gongkai totp --secret-file "$base.totp")" >/dev/null; do
    ((--tries > 0)) || die "$1/$2 cannot sign in"
    note "waiting for the next code of $1/$2"
    sleep 31
  done
}

# sign_everybody_in AGENCY: every account that has a code or was set up here.
sign_everybody_in() {
  local file name
  for file in "$VAR/accounts/$1"/*.{code,password}; do
    name=$(basename "${file%.*}")
    if [[ ! -e $file ]]; then continue; fi
    if [[ $file == *.code ]]; then set_up "$1" "$name"; fi
    sign_in "$1" "$name"
  done
  note "$1: $(find "$VAR/accounts/$1" -name '*.password' | wc -l) accounts signed in"
}

# how_to_sign_in AGENCY…: what signs in each of the accounts.
how_to_sign_in() {
  local agency file
  cat <<'FUNCTION'
   sign_in() { gongkai sign-in --account "$1" --password-file "var/accounts/$1.password" \
     --second-factor "$(gongkai totp --secret-file "var/accounts/$1.totp")"; }
FUNCTION
  for agency in "$@"; do
    for file in "$VAR/accounts/$agency"/*.password; do
      printf '   sign_in %s/%s\n' "$agency" "$(basename "$file" .password)"
    done
  done
}
