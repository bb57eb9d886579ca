#!/bin/sh
set -eu
umask "${UMASK:-0027}"
: "${API_URL:?where the pages find the service}" # finds: image-variables
printf 'globalThis.API_URL = "%s";\n' "$API_URL" >/tmp/config.js
exec nginx -g 'daemon off;'
