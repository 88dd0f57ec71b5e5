#!/usr/bin/env bash
# Builds the unmodified Dockerfile: build.sh TAG [build options]. Uses docker or podman if one of
# them works, otherwise buildah, which needs neither an engine nor a registry. ENGINE=buildah forces
# buildah.
set -euo pipefail
cd "$(dirname "$0")/../.."
tag=${1:?image tag}
shift
for engine in docker podman; do
  if [ "${ENGINE:-$engine}" = "$engine" ] && "$engine" info >/dev/null 2>&1; then
    exec "$engine" build --tag "$tag" "$@" .
  fi
done

bash test/image/base-images.sh
# Lends this machine's certificates and package sources to the build. No layer keeps them.
lent=$(mktemp -d)
trap 'rm -rf "$lent"' EXIT
{
  echo "registry=$(npm config get registry 2>/dev/null)"
  [ ! -f /etc/ssl/certs/ca-certificates.crt ] || echo cafile=/etc/ssl/certs/ca-certificates.crt
} >"$lent/npmrc"
# The stand-ins of the base images have other digests.
sed -E 's/@sha256:[0-9a-f]{64}//' Dockerfile >"$lent/Dockerfile"
# The docker format, because OCI's has no HEALTHCHECK.
buildah bud --format docker --isolation chroot --pull-never --layers \
  --volume /etc/ssl/certs:/etc/ssl/certs:ro --volume "$lent/npmrc:/usr/local/etc/npmrc:ro" \
  --file "$lent/Dockerfile" --tag "$tag" "$@" .
