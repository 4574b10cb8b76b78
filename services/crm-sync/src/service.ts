// What crm-sync consists of: it hears that conversations changed, and brings each site's CRMs up to date when the window is over.
import { connectBus, consume, consumeTimers, openSettings, serve } from '@continuo/bus';
import { answeringToTheLast, healthServer, openOutbound, type Service } from '@continuo/runtime';
import { connectStore } from '@continuo/store';
import { logger } from '@continuo/telemetry';
import { crmCommands } from './commands.ts';
import type { Config } from './config.ts';
import { connectionCommands } from './connection-commands.ts';
import { reportConnection } from './connection-state.ts';
import { openConnections } from './connections.ts';
import { closeBrokers } from './connectors/amqp/broker.ts';
import { readContactsBack } from './connectors/amqp/contacts-back.ts';
import { addConnectors } from './connectors/index.ts';
import { openDeliveries } from './connectors/push/deliveries.ts';
import { openContactLocks } from './contact-locks.ts';
import { whichOf } from './domain/which.ts';
import { type Gates, openGates } from './gate.ts';
import { watchCrms } from './gauges.ts';
import { markChanged } from './handlers/mark-changed.ts';
import { whenResyncDue } from './handlers/when-resync-due.ts';
import { whenSyncDue } from './handlers/when-sync-due.ts';
import { journalQueries } from './journal.ts';
import { openLags } from './lag.ts';
import { openLinks } from './links.ts';
import { newSync } from './sync.ts';
import { wakeMended } from './wake.ts';

const log = logger('crm-sync');

export async function start(config: Config): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const bus = stack.use(
    await connectBus({
      name: 'crm-sync',
      url: config.CONTINUO_NATS_URL,
      user: config.CONTINUO_NATS_USER,
      password: config.CONTINUO_NATS_PASSWORD,
    }),
  );
  const store = stack.use(
    await connectStore({ url: config.CONTINUO_MONGO_URL, database: config.CONTINUO_MONGO_DATABASE }),
  );
  const settings = stack.use(await openSettings(bus));
  const links = await openLinks(store);
  const lags = await openLags(store);
  const locks = await openContactLocks(store);
  const deliveries = await openDeliveries(store);
  const own = config.CONTINUO_CRM_MAPPINGS_DIR;
  addConnectors(own.connectors);
  for (const { file, words } of own.refused)
    log.error({ file, faults: words }, 'A mapping is not used; connections through it wait, all others work.');
  const outbound = openOutbound(config.CONTINUO_OUTBOUND_ALLOW);
  const keys = [config.CONTINUO_CREDENTIALS_KEY, ...config.CONTINUO_CREDENTIALS_OTHER_KEYS] as const;
  const connections = openConnections(store, keys, outbound, deliveries);
  const counts = await connections.sealAnew();
  if (counts.sealed > 0) log.info(counts, 'Credentials were sealed with the new key.');
  if (counts.unopened > 0) log.error(counts, 'Credentials of CRM connections open with no key that is configured.');
  stack.defer(closeBrokers);
  const gates: Gates = openGates(store, Math.random, (key) =>
    reportConnection(bus, { connections, gates, links }, whichOf(key)),
  );
  stack.use(watchCrms(links, connections, gates));
  const sync = newSync({ bus, settings, links, locks, connections, gates, lags, linkKey: config.CONTINUO_LINK_KEY });

  const mark = markChanged({ bus, settings });
  stack.use(
    await consume(bus, 'crm-sync', {
      'conversation-started': mark,
      'message-sent': mark,
      'offline-message-left': mark,
      'agent-assigned': mark,
      'contact-identified': mark,
      'conversation-closed': mark,
      'callback-requested': mark,
      'conversation-missed': mark,
      'task-done': mark,
      'rating-given': mark,
      'survey-answered': mark,
      'transcript-requested': mark,
    }),
  );
  stack.use(
    await consumeTimers(bus, 'crm-sync-timers', {
      'sync-due': whenSyncDue({ bus, sync, connections }),
      'resync-due': whenResyncDue({ bus, links, connections, gates }),
    }),
  );
  stack.use(
    await serve(bus, 'crm-sync', {
      commands: {
        ...crmCommands({ bus, links, connections, gates, outbound }),
        ...connectionCommands({ bus, links, connections, gates }),
      },
      queries: journalQueries({ links, connections, deliveries, gates, lags }),
    }),
  );
  const reading = async (key: string, revision: number, words: string | undefined): Promise<void> => {
    if (await connections.setUnread(key, revision, words))
      await reportConnection(bus, { connections, gates, links }, whichOf(key));
  };
  stack.use(readContactsBack({ bus, links, connections: () => connections.all('amqp'), reading }));
  await wakeMended({ bus, links, connections, gates });
  const health = await healthServer({
    host: config.CONTINUO_HTTP_HOST,
    port: config.CONTINUO_HTTP_PORT,
    // A CRM that is away never makes this process unready.
    ready: { NATS: bus.answers, MongoDB: store.answers },
  });
  return answeringToTheLast(stack.move(), health);
}
