# One image for each service: docker build --build-arg SERVICE=gateway -t continuo/gateway:0.1.0 .
# SERVICE is gateway, conversation, visitor-tracking, crm-sync, email-fallback, or tools (provision, settings, dead letters, backup, rebuild of views).
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# The same for all, so it is done once: browser code, and every package in npm's own cache.
FROM ${NODE_IMAGE} AS source
WORKDIR /build
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund && node deploy/build.ts && rm -rf node_modules

FROM source AS build
ARG SERVICE
# Browser code goes with the gateway alone; what builds it, and the sources of it, with nobody.
RUN if [ "$SERVICE" = tools ]; then workspace=deploy; else workspace=services/$SERVICE; fi \
    && npm ci --omit=dev --prefer-offline --ignore-scripts --no-audit --no-fund --workspace "$workspace" \
    && mkdir -p /image/services /empty \
    && cp -r package.json LICENSE THIRD_PARTY_NOTICES.md libs node_modules /image/ \
    && if [ "$SERVICE" = tools ]; then \
         cp -r deploy /image/ && cp -r services/. /image/services/ \
         && rm -rf /image/services/gateway/widget /image/services/gateway/console \
         && echo "import './deploy/provision.ts';" > /image/main.ts; \
       else \
         cp -r "services/$SERVICE" /image/services/ \
         && echo "import './services/$SERVICE/src/main.ts';" > /image/main.ts; \
       fi \
    && find /image -xtype l -delete

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /image/ ./
# A new volume that is mounted here belongs to who owns this folder. Nothing else is ever written to: run it with a read-only root file system.
COPY --from=build --chown=10001:10001 /empty/ /data/
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["node"]
CMD ["main.ts"]
