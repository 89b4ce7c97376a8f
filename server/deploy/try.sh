#!/usr/bin/env bash
# Builds the image and starts the composition under a name of its own, on a port that is free, and looks whether it does what it is to do:
# `just image`. What it made is gone afterwards, but for the image and what was compiled. Needs docker with BuildKit and Compose 2.24 or later,
# curl and openssl, and the registry of the images that it begins with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

cannot() {
  printf 'cannot try the image: %s\n' "$1" >&2
  exit 2
}
for tool in docker curl openssl; do
  command -v "$tool" >/dev/null || cannot "there is no $tool"
done
docker info >/dev/null 2>&1 || cannot "docker does not answer: is its daemon started, and may you use it?"
docker buildx version >/dev/null 2>&1 || cannot "docker has no BuildKit: install docker-buildx"
docker compose version --short >/dev/null 2>&1 || cannot "docker has no Compose: install docker-compose, version 2.24 or later"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What it is given in place of `.env` and of the port of everybody.
printf 'POSTGRES_PASSWORD=%s\nSCOUTER_SIGNING_SECRET=%s\n' "$(openssl rand -hex 24)" "$(openssl rand -base64 48)" >"$work/env"
cat >"$work/compose.yaml" <<YAML
services:
  server:
    env_file: !override $work/env
    ports: !override ["127.0.0.1::8000"]
YAML
compose() {
  docker compose --project-name scouter-try --env-file "$work/env" --file compose.yaml --file "$work/compose.yaml" "$@"
}
compose config --quiet || cannot "Compose does not understand the composition: is it 2.24 or later?"

now=preparation
finish() {
  local status=$?
  if ((status)); then
    printf '\n== failed: %s\n' "$now" >&2
    compose logs --tail 30 >&2 || true
  fi
  compose down --volumes --timeout 20 >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT
step() {
  now=$1
  printf '== %s\n' "$now"
}
server() { docker inspect "$(compose ps --all --quiet server)" --format "$1"; }
in_server() { compose exec -T server "$@"; }
status() { curl --silent --output /dev/null --write-out '%{http_code}' "${@:2}" "http://$(compose port server 8000)$1"; }
ready() { compose up --no-build --detach --wait --wait-timeout 90 2>/dev/null; }

step "the image is built"
compose build server
step "the server and its database are healthy"
ready
step "it answers, and asks who one is"
[[ $(status /healthz) == 200 && $(status /readyz) == 200 && $(status /v1/profiles) == 401 ]]
step "it starts with a password for the first administrator, and no error"
compose logs --no-log-prefix server >"$work/log"
grep --quiet 'the first administrator is' "$work/log"
if grep '"level":"ERROR"' "$work/log"; then false; fi
step "it is not root, has no rights, and writes to its own folder alone"
[[ $(in_server id -u):$(in_server id -g) == 10001:10001 ]]
in_server grep --quiet '^CapEff:[[:space:]]*0*$' /proc/1/status
in_server sh -c 'touch /var/lib/scouter/try && rm /var/lib/scouter/try && ! touch /try 2>/dev/null && ! touch /tmp/try 2>/dev/null'
step "it lets in who has a key"
key=$(in_server scouter-server keys create try --grant '*=read')
[[ $(status /v1/profiles --header "Authorization: Bearer $key") == 200 ]]
step "it ends in order, within its time"
compose stop server 2>/dev/null
[[ $(server '{{.State.ExitCode}}') == 0 ]]
step "it comes back with what it had, from new containers too"
compose down 2>/dev/null
ready
[[ $(status /v1/profiles --header "Authorization: Bearer $key") == 200 ]]
step "it is started again where it ends by itself"
started=$(server '{{.State.StartedAt}}')
in_server sh -c 'kill -TERM 1'
again() { [[ $(server '{{.State.StartedAt}}') != "$started" && $(server '{{.State.Health.Status}}') == healthy ]]; }
for _ in {1..60}; do
  if again; then break; fi
  sleep 1
done
again
printf '== the image does what it is to do\n'
