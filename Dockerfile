# One image for `hookyard server` and `hookyard worker`. Debian and not Alpine: Temporal's native module needs glibc.
FROM node:24.18.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY src ./src
RUN npx tsc -p . && npm prune --omit=dev --no-audit --no-fund

FROM node:24.18.0-bookworm-slim
# What jobs need at least: git to check out, with Git LFS, ssh for ssh remotes, certificates for https;
# bubblewrap for the code of forks, which runs only where the container has the rights for it (docs/runners.md). tini, as
# process 1, reaps what their commands leave behind.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bash bubblewrap ca-certificates git git-lfs openssh-client tini \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json hookyard.config.ts ./
COPY assets ./assets
COPY bin ./bin
COPY automations ./automations
ENV NODE_ENV=production HOOKYARD_DATA=/data HOOKYARD_WORKSPACES=/data/workspaces HOOKYARD_HOST=0.0.0.0
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
# Webhooks, and metrics where HOOKYARD_METRICS_HOST lets others in.
EXPOSE 3000 9464
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "node", "/app/bin/hookyard.mjs"]
CMD ["server"]
