# syntax=docker/dockerfile:1
# Builds the image of meemikansio. Stages that change rarely come first, so an ordinary commit
# rebuilds only the two bundles.
#   docker build --build-arg REVISION=$(git rev-parse HEAD) -t meemikansio .
# FFMPEG=static uses the binary of ffmpeg-static (80 MB). FFMPEG=debian uses Debian's package with
# its dependencies (690 MB).
ARG FFMPEG=static

FROM node:24-bookworm-slim AS dependencies
WORKDIR /src
COPY package.json package-lock.json ./
# Omits the development tools, as .npmrc does. Install scripts do not run: ffmpeg-download runs the
# one that is needed.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=peer --ignore-scripts --no-audit --no-fund

FROM dependencies AS ffmpeg-download
RUN ["node", "node_modules/ffmpeg-static/install.js"]

FROM dependencies AS client
COPY vite.config.ts tsconfig.json ./
COPY app app
COPY client client
RUN ["node", "client/build.ts"]

FROM dependencies AS server
COPY tsconfig.json ./
COPY migrations migrations
COPY app app
RUN ["node", "app/build.ts"]

# Debian and the node binary, without npm.
FROM debian:bookworm-slim AS base
RUN groupadd --gid 1000 meemikansio \
  && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /data --shell /usr/sbin/nologin meemikansio \
  && install --directory --owner=1000 --group=1000 --mode=700 /data
COPY --from=dependencies /usr/local/bin/node /usr/local/bin/node

FROM base AS ffmpeg-static
COPY --from=ffmpeg-download --chmod=755 /src/node_modules/ffmpeg-static/ffmpeg /usr/local/bin/ffmpeg

FROM base AS ffmpeg-debian
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/*

FROM ffmpeg-${FFMPEG} AS app
WORKDIR /app
COPY models models
COPY --from=server /src/dist/server/node_modules server/node_modules
COPY --from=client /src/dist/client static
COPY --from=server /src/dist/server/*.js /src/dist/server/package.json server/
# /data is the only writable directory. Libraries put their temporary files there too.
ENV NODE_ENV=production STATIC_DIR=/app/static DATA_DIR=/data TMPDIR=/data/tmp PORT=3000 \
  NODE_COMPILE_CACHE=/app/compile-cache
# Limits glibc to two heaps; its default is 8 per core. Freed memory of pictures stays in each heap.
# The limit saves up to 40 MB (`npm run bench -- media`).
# https://sharp.pixelplumbing.com/performance/#memory
ENV MALLOC_ARENA_MAX=2
USER 1000:1000

# Starts the server once, so that the image holds V8's compile cache. Later starts do not compile.
FROM app AS compiled
USER 0
RUN install --directory --owner=1000 --group=1000 /app/compile-cache
USER 1000:1000
COPY app/warm-up.ts /tmp/warm-up.ts
RUN ["node", "/tmp/warm-up.ts", "/app/server/main.js"]

FROM app
COPY --from=compiled /app/compile-cache compile-cache
# The labels come last because REVISION differs in every build.
ARG REVISION=development
ARG SOURCE=
LABEL org.opencontainers.image.title="meemikansio" \
  org.opencontainers.image.description="A private, invite-only place where a circle of friends keeps its memes." \
  org.opencontainers.image.source="${SOURCE}" \
  org.opencontainers.image.revision="${REVISION}"
ENV REVISION=${REVISION}
EXPOSE 3000
STOPSIGNAL SIGTERM
# Node asks, because the image has no curl. /api/health needs no database, and the start takes less
# than one interval.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.js"]
