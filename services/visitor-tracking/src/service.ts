// What visitor-tracking consists of: it hears of page views and of what pages tell, and answers with the visitor's card.
import { connectBus, consume, serve } from '@continuo/bus';
import { answeringToTheLast, healthServer, type Service } from '@continuo/runtime';
import { connectStore } from '@continuo/store';
import type { Config } from './config.ts';
import { onFactReported } from './handlers/on-fact-reported.ts';
import { onPageViewed } from './handlers/on-page-viewed.ts';
import { visitorCard } from './handlers/visitor-card.ts';
import { openVisitors } from './views/visitors.ts';

export async function start(config: Config): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const bus = stack.use(
    await connectBus({
      name: 'visitor-tracking',
      url: config.CONTINUO_NATS_URL,
      user: config.CONTINUO_NATS_USER,
      password: config.CONTINUO_NATS_PASSWORD,
    }),
  );
  const store = stack.use(
    await connectStore({ url: config.CONTINUO_MONGO_URL, database: config.CONTINUO_MONGO_DATABASE }),
  );
  const visitors = openVisitors(store);
  stack.use(
    await consume(bus, 'visitor-tracking', {
      'page-viewed': onPageViewed(visitors),
      'fact-reported': onFactReported(visitors),
    }),
  );
  stack.use(await serve(bus, 'visitor-tracking', { queries: { 'visitor-card': visitorCard(visitors) } }));
  const health = await healthServer({
    host: config.CONTINUO_HTTP_HOST,
    port: config.CONTINUO_HTTP_PORT,
    ready: { NATS: bus.answers, MongoDB: store.answers },
  });
  return answeringToTheLast(stack.move(), health);
}
