#!/bin/sh
# Uploads the dumps and removes those that are older than the retention.
set -eu

for dump in /backup/*.sql.gz; do
  case "${dump##*/}" in
    weekly-*) rclone copy "${dump}" "${REMOTE}/weekly" ;;
    *) rclone copy "${dump}" "${REMOTE}/daily" ;;
  esac
done
rclone delete --min-age "${KEEP_DAILY}d" "${REMOTE}/daily"
rclone delete --min-age "${KEEP_WEEKLY}w" "${REMOTE}/weekly"
