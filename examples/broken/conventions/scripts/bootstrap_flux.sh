#!/usr/bin/env bash
set -euo pipefail
cluster=home
branch='master' # finds: bootstrap-script
flux bootstrap git --url=ssh://git@git.example.com/home/gitops --branch="$branch" --path="clusters/$cluster"
