#!/bin/sh
# Creates each database with an owner of the same name. Runs on first start only.
set -eu

for file in /databases/*; do
  [ -e "${file}" ] || exit 0
  name=${file##*/}
  psql --username="${POSTGRES_USER}" --variable=name="${name}" --variable=password="$(cat "${file}")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
SQL
done
