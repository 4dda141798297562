#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what package-lock.json of this folder names into the folder given,
# once for each state of the lock.
set -euo pipefail
from=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=$1
mkdir -p "$to"
stamp="$to/node_modules/.installed-lock.json"
if cmp -s "$from/package-lock.json" "$stamp"; then exit 0; fi
cp "$from/package.json" "$from/package-lock.json" "$to/"
npm ci --prefix "$to" --omit=dev --ignore-scripts --no-audit --no-fund
cp "$from/package-lock.json" "$stamp"
