# The server, its workers and the laurel command, in one image: docker build --tag laurel .
#
# What builds is not in what runs: no npm, no compiler, no tests. The tag names a version; to pin the very bytes, put the
# digest behind it that `docker buildx imagetools inspect node:24.21.0-bookworm-slim` shows.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /laurel
COPY package.json package-lock.json .npmrc ./
COPY core/package.json core/
COPY verifier/package.json verifier/
COPY server/package.json server/
COPY client/package.json client/
COPY web/package.json web/
# The pages for people are built with what only builds; no package runs a script of its own here.
RUN npm ci --ignore-scripts --workspace=web --workspace=core --workspace=verifier --include-workspace-root=false
COPY core/src core/src
COPY verifier/src verifier/src
COPY web/src web/src
COPY web/vite.config.ts web/
COPY scripts/build/Web.ts scripts/build/
COPY scripts/build-web.ts scripts/
RUN node scripts/build-web.ts && rm -rf scripts web/src web/vite.config.ts
# Only what the server and what it imports need at run time.
RUN npm ci --omit=dev --ignore-scripts --workspace=server --workspace=core --workspace=verifier --include-workspace-root=false
COPY server/src server/src
COPY server/assets server/assets

FROM node:24.21.0-bookworm-slim
# pg_dump and pg_restore, for laurel backup and laurel restore.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends postgresql-client \
  && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
  && mkdir --mode=700 /var/lib/laurel \
  && chown node:node /var/lib/laurel \
  && printf '#!/bin/sh\nexec node /laurel/server/src/cli.ts "$@"\n' >/usr/local/bin/laurel \
  && chmod 755 /usr/local/bin/laurel
COPY --from=build /laurel /laurel
ENV NODE_ENV=production \
  LAUREL_HOME=/var/lib/laurel \
  LAUREL_HOST=0.0.0.0 \
  LAUREL_LOG=json
WORKDIR /var/lib/laurel
USER node
VOLUME ["/var/lib/laurel"]
EXPOSE 4400
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:4400/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["laurel"]
CMD ["start"]
