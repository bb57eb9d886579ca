#!/bin/sh
set -eu
docker build --tag registry.example.com/planner "$(dirname "$0")/../planner"
