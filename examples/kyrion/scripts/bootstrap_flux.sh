#!/usr/bin/env bash
# Installs Flux on the current cluster and points it at this repository.
#
#   scripts/bootstrap_flux.sh [--dry-run] [--owner NAME] [--repository NAME] [--branch NAME]
#
# --dry-run prints every command instead of running it; nothing is changed.
# GITHUB_TOKEN must be set for a real run: flux creates a deploy key with it.
set -euo pipefail

cluster=kyrion
owner=example
repository=kyrion
branch=main
dry_run=false

usage() {
  sed -n '2,8s/^# \{0,1\}//p' "$0"
}

value_of() {
  if [ $# -lt 2 ]; then
    echo "bootstrap_flux.sh: $1 needs a value" >&2
    exit 2
  fi
  echo "$2"
}

while [ $# -gt 0 ]; do
  case "$1" in
    --dry-run) dry_run=true; shift ;;
    --owner) owner=$(value_of "$@"); shift 2 ;;
    --repository) repository=$(value_of "$@"); shift 2 ;;
    --branch) branch=$(value_of "$@"); shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) echo "bootstrap_flux.sh: unknown argument $1" >&2; usage >&2; exit 2 ;;
  esac
done

run() {
  if [ "$dry_run" = true ]; then
    printf '%q ' "$@"
    echo
  else
    "$@"
  fi
}

require() {
  if ! command -v "$1" >/dev/null; then
    echo "bootstrap_flux.sh: $1 is not installed" >&2
    exit 1
  fi
}

if [ "$dry_run" = false ]; then
  require flux
  require kubectl
  if [ -z "${GITHUB_TOKEN:-}" ]; then
    echo "bootstrap_flux.sh: GITHUB_TOKEN is not set" >&2
    exit 1
  fi
fi

run flux check --pre
run flux bootstrap github \
  --owner="$owner" \
  --repository="$repository" \
  --branch="$branch" \
  --path="clusters/$cluster" \
  --personal \
  --read-write-key \
  --components-extra=image-reflector-controller,image-automation-controller
# The five Kustomizations become ready in the order of their dependencies.
run kubectl --namespace flux-system wait kustomization --all --for=condition=Ready --timeout=30m
run flux get all --all-namespaces
