// Table of contents of the gateway: what it serves, what it listens to, and how it lets go.
import { setTimeout as sleep } from 'node:timers/promises';
import { connectBus, openSettings, serve, watchFilling } from '@continuo/bus';
import { healthRoutes, listen, type Service, vital } from '@continuo/runtime';
import { connectStore } from '@continuo/store';
import express from 'express';
import { toAgent } from './agent-hello.ts';
import { keepAgentLeases } from './agent-leases.ts';
import { makeDesks } from './availability.ts';
import type { Config } from './config.ts';
import { CLOSE, encode, end, send } from './connection.ts';
import { openFiles } from './files/files.ts';
import type { Gateway, Limits } from './gateway.ts';
import { WIDGET_ASSETS } from './http/files.ts';
import { nothingHere, wentWrong } from './http/last-answers.ts';
import { addRoutes, sealRoutes } from './http/routes.ts';
import { safeHeaders } from './http/security.ts';
import { makeHub } from './hub.ts';
import { openKeptAssets } from './kept-assets.ts';
import { limitOf } from './limits.ts';
import { showLive } from './live.ts';
import { watchOutage } from './outage.ts';
import { openPresence } from './presence.ts';
import { checkSessions, followSettings, tellSessionsEnded } from './session-watch.ts';
import { openAgentSessions } from './sessions/agent-sessions.ts';
import { openAllowances } from './sessions/allowances.ts';
import { attemptsOf } from './sessions/attempt.ts';
import { showSignals } from './signals.ts';
import { acceptSockets, noLines, type Sockets } from './socket.ts';
import { toVisitor } from './visitor-hello.ts';

const TICK_MS = 2_000;
/** Of an agent's lease: within its last third nobody is asked or renewed too late. */
const TICKS_PER_LEASE = 10;
const HANGS_MS = 30_000;
const SWEEP_MS = 60_000;
/** So long may a session that expires outlive its end on an open socket. */
const CHECK_SESSIONS_MS = 10_000;
const SWEEP_FILES_MS = 10_000;
const KEEP_ASSETS_MS = 12 * 3600 * 1000;
/** What a socket that is let go has left to say. */
const FAREWELL_MS = 200;

export async function start(config: Config): Promise<Service> {
  const stack = new AsyncDisposableStack();
  try {
    const store = stack.use(
      await connectStore({ url: config.CONTINUO_MONGO_URL, database: config.CONTINUO_MONGO_DATABASE }),
    );
    const bus = stack.use(
      await connectBus({
        name: 'gateway',
        url: config.CONTINUO_NATS_URL,
        user: config.CONTINUO_NATS_USER,
        password: config.CONTINUO_NATS_PASSWORD,
      }),
    );
    const settings = stack.use(await openSettings(bus));
    const hub = makeHub();
    const sessions = await openAgentSessions(store, (site, agent) => tellSessionsEnded(gateway, site, agent));
    const tellAll = (bytes: Buffer): void => {
      for (const visitor of hub.visitors()) toVisitor(visitor, bytes);
      for (const agent of hub.agents()) toAgent(agent, bytes);
    };
    const gateway: Gateway = {
      bus,
      config,
      settings,
      sessions,
      hub,
      desks: makeDesks(settings),
      presence: stack.use(
        openPresence(bus, (site, visitor, online) => {
          const bytes = encode({ t: 'presence', visitor, online });
          for (const agent of hub.agentsOf(site)) toAgent(agent, bytes);
        }),
      ),
      leases: stack.use(keepAgentLeases(bus, config.CONTINUO_AGENT_LEASE_SECONDS)),
      outage: stack.use(watchOutage(bus, settings, (up) => tellAll(encode({ t: 'service', up })))),
      files: await openFiles(store, config),
      assets: await openKeptAssets(store),
      limits: limitsOf(config),
      attempts: attemptsOf(config, await openAllowances(store, config.CONTINUO_TOKEN_KEY)),
      lines: noLines(),
      live: { seq: 0 },
    };
    // Before anybody gets a page that will ask for them, of this gateway or of another.
    await gateway.assets.keep(WIDGET_ASSETS);
    stack.defer(settings.onChange(() => followSettings(gateway)));
    stack.use(await showLive(gateway));
    stack.use(showSignals(gateway));
    stack.use(watchFilling(bus));
    stack.use(await serve(bus, 'gateway', { commands: { 'save-login': sessions.saveLogin } }));

    const app = express();
    app.disable('x-powered-by');
    app.use(safeHeaders);
    // It listens only now that NATS and MongoDB have answered. Away later on, they are so for every gateway alike: none could do better, and an Ingress that
    // has nobody left answers for us, while people who write here are told what goes on.
    healthRoutes(app, {});
    const mounted = addRoutes(app, gateway);
    app.use(nothingHere);
    app.use(wentWrong);
    sealRoutes(app, [safeHeaders, ...mounted, nothingHere, wentWrong]);
    const http = stack.use(await listen(app, { host: config.CONTINUO_HTTP_HOST, port: config.CONTINUO_HTTP_PORT }));
    const sockets = acceptSockets(http.server, gateway);
    const turning = stack.use(vital('the sockets’ ticker', HANGS_MS));
    const ticker = setInterval(
      () => {
        turning.tick();
        sockets.tick();
        gateway.presence.tick();
        gateway.leases.tick();
        gateway.outage.tick();
      },
      Math.min(TICK_MS, (config.CONTINUO_AGENT_LEASE_SECONDS * 1_000) / TICKS_PER_LEASE),
    );
    const sweeper = setInterval(() => {
      for (const limit of Object.values(gateway.limits)) limit.sweep();
    }, SWEEP_MS);
    const sessionChecker = setInterval(() => void checkSessions(gateway), CHECK_SESSIONS_MS);
    const fileSweeper = setInterval(() => void gateway.files.sweep(), SWEEP_FILES_MS);
    const assetKeeper = setInterval(() => void gateway.assets.keepOn(WIDGET_ASSETS), KEEP_ASSETS_MS);
    const running = stack.move();
    return {
      port: http.port,
      [Symbol.asyncDispose]: async () => {
        await moveSockets(sockets, config.CONTINUO_DRAIN_SPREAD_MS);
        clearInterval(ticker);
        clearInterval(sweeper);
        clearInterval(sessionChecker);
        clearInterval(fileSweeper);
        clearInterval(assetKeeper);
        await running.disposeAsync();
      },
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Every socket is told to reconnect elsewhere, at moments spread over the delay; who has not gone by then is let go. */
async function moveSockets(sockets: Sockets, spreadMs: number): Promise<void> {
  sockets.close();
  for (const connection of sockets.connections)
    send(connection, { t: 'move', afterMs: Math.round(Math.random() * spreadMs) });
  const until = performance.now() + spreadMs + FAREWELL_MS;
  while (sockets.count > 0 && performance.now() < until) await sleep(50);
  for (const connection of sockets.connections) end(connection, CLOSE.moved, 'moved');
  await sleep(sockets.count > 0 ? FAREWELL_MS : 0);
  for (const { ws } of sockets.connections) ws.terminate();
}

const MINUTE = 60_000;
function limitsOf(config: Config): Limits {
  const limit = (most: number, perMs = MINUTE) => limitOf(most, perMs, () => performance.now());
  return {
    connects: limit(config.CONTINUO_LIMIT_CONNECTS_PER_ADDRESS),
    pagesOfAddress: limit(config.CONTINUO_LIMIT_PAGES_PER_ADDRESS),
    commandsOfVisitor: limit(config.CONTINUO_LIMIT_COMMANDS_PER_VISITOR),
    commandsOfAddress: limit(config.CONTINUO_LIMIT_COMMANDS_PER_ADDRESS),
    startsOfVisitor: limit(config.CONTINUO_LIMIT_STARTS_PER_VISITOR, 10 * MINUTE),
    startsOfAddress: limit(config.CONTINUO_LIMIT_STARTS_PER_ADDRESS),
    startsOfSite: limit(config.CONTINUO_LIMIT_STARTS_PER_SITE),
    uploadsOfSender: limit(config.CONTINUO_LIMIT_UPLOADS_PER_SENDER),
    uploadsOfAddress: limit(config.CONTINUO_LIMIT_UPLOADS_PER_ADDRESS),
  };
}
