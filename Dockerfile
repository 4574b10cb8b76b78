# One image for each service: docker build --build-arg SERVICE=gateway -t continuo/gateway:0.1.0 .
# SERVICE is gateway, conversation, visitor-tracking, crm-sync, email-fallback, or tools (provision, settings, dead letters, rebuild of views).
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
ARG SERVICE
WORKDIR /build
COPY . .
# Only the gateway holds browser code; what builds it stays in this stage.
RUN if [ "$SERVICE" = gateway ]; then npm ci --ignore-scripts --no-audit --no-fund && node deploy/build.ts && rm -rf node_modules; fi
RUN if [ "$SERVICE" = tools ]; then workspace=deploy; else workspace=services/$SERVICE; fi \
    && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace "$workspace" \
    && mkdir -p /image/services \
    && cp -r package.json LICENSE THIRD_PARTY_NOTICES.md libs node_modules /image/ \
    && if [ "$SERVICE" = tools ]; then \
         cp -r deploy /image/ && cp -r services/. /image/services/ \
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
# Nothing is ever written to the image: run it with a read-only root file system.
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["node"]
CMD ["main.ts"]
