#!/usr/bin/env bash
# Makes local stand-ins for the Dockerfile's two base images, for a machine without a Docker engine
# or an image registry. They are a minimal Debian from apt's mirror, and on it Node 24 from npm.
# Skips an existing image.
# Needs root, buildah and mmdebstrap; takes about a minute.
set -euo pipefail
export BUILDAH_ISOLATION=chroot
DEBIAN=docker.io/library/debian:bookworm-slim
NODE=docker.io/library/node:24-bookworm-slim
there() { buildah inspect --type image "$1" >/dev/null 2>&1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! there "$DEBIAN"; then
  echo "image: making $DEBIAN" >&2
  mmdebstrap --quiet --variant=minbase bookworm "$work/root.tar" >&2
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$work/root.tar" / >/dev/null
  buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --cmd bash "$container"
  buildah commit --quiet --format docker "$container" "$DEBIAN" >/dev/null
  buildah rm "$container" >/dev/null
fi

if ! there "$NODE"; then
  echo "image: making $NODE" >&2
  (cd "$work" && npm init --yes >/dev/null && npm install --silent --no-save node@24 npm@11 >&2)
  container=$(buildah from --pull-never "$DEBIAN")
  buildah copy --quiet "$container" "$(readlink -f "$work/node_modules/node/bin/node")" /usr/local/bin/node >/dev/null
  buildah copy --quiet "$container" "$work/node_modules/npm" /usr/local/lib/node_modules/npm >/dev/null
  buildah run "$container" -- sh -c 'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
    groupadd --gid 1000 node && useradd --uid 1000 --gid 1000 --create-home node'
  buildah config --cmd node "$container"
  buildah commit --quiet --format docker "$container" "$NODE" >/dev/null
  buildah rm "$container" >/dev/null
fi
