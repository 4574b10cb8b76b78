// Table of contents of the conversation service: what it decides, hears, shows and answers.
import { connectBus, consume, consumeTimers, openSettings, serve } from '@continuo/bus';
import { answeringToTheLast, healthServer, type Service } from '@continuo/runtime';
import { connectStore } from '@continuo/store';
import type { z } from 'zod';
import { sendAwayWhoIsGone } from './agents-gone.ts';
import { aggregates } from './aggregates.ts';
import type { config } from './config.ts';
import { evolve as evolveConversation, unknownConversation } from './domain/conversation/state.ts';
import { decided } from './domain/decision.ts';
import { emptyDesk, evolve as evolveDesk, snapshotOf } from './domain/desk/state.ts';
import { commandHandlers, type Domain } from './handle.ts';
import { following } from './handlers/follow.ts';
import { routing } from './handlers/route.ts';
import { watchWaiting } from './handlers/watch-waiting.ts';
import { whenAnswerOverdue } from './handlers/when-answer-overdue.ts';
import { queryHandlers } from './queries.ts';
import { settingsHandlers } from './site-settings.ts';
import { prepareTranscriptView, transcriptView } from './views/transcript-view.ts';

type Config = z.infer<z.ZodObject<typeof config>>;
const SNAPSHOT_EVERY = 1_000;

export async function start(env: Config): Promise<Service> {
  const stack = new AsyncDisposableStack();
  try {
    const store = stack.use(await connectStore({ url: env.CONTINUO_MONGO_URL, database: env.CONTINUO_MONGO_DATABASE }));
    const bus = stack.use(
      await connectBus({
        name: 'conversation',
        url: env.CONTINUO_NATS_URL,
        user: env.CONTINUO_NATS_USER,
        password: env.CONTINUO_NATS_PASSWORD,
      }),
    );
    const settings = stack.use(await openSettings(bus));
    const domain: Domain = {
      settings,
      conversations: aggregates(bus, {
        stream: 'CONVERSATION',
        initial: unknownConversation,
        evolve: evolveConversation,
        numberOf: ({ head }) => head?.number ?? 0,
      }),
      desks: aggregates(bus, {
        stream: 'DESK',
        initial: emptyDesk,
        evolve: evolveDesk,
        numberOf: ({ number }) => number,
        snapshot: { every: SNAPSHOT_EVERY, decide: (desk) => decided('desk-snapshot', snapshotOf(desk)) },
      }),
    };
    await prepareTranscriptView(store);

    const view = transcriptView(bus, store);
    stack.use(
      await consume(bus, 'conversation-views', {
        'conversation-started': view,
        'message-sent': view,
        'offline-message-left': view,
        'messages-read': view,
        'agent-assigned': view,
        'agent-released': view,
        'contact-identified': view,
        'conversation-closed': view,
        'callback-requested': view,
        'conversation-missed': view,
        'task-done': view,
        'rating-given': view,
        'survey-answered': view,
        'transcript-requested': view,
      }),
    );
    const route = routing(domain);
    const watch = watchWaiting(bus, domain);
    const routed: typeof route = async (event, context) => {
      const watched = await watch(event);
      return watched.kind === 'done' ? route(event, context) : watched;
    };
    stack.use(
      await consume(bus, 'conversation-routing', {
        'conversation-started': routed,
        'message-sent': routed,
        'offline-message-left': routed,
        'callback-requested': routed,
        'conversation-closed': routed,
      }),
    );
    stack.use(await consumeTimers(bus, 'conversation-timers', { 'answer-overdue': whenAnswerOverdue(bus, domain) }));
    const follow = following(domain);
    stack.use(
      await consume(bus, 'conversation-assignment', {
        'dialogue-queued': follow,
        'dialogue-taken': follow,
        'slot-freed': follow,
        'agent-state-changed': follow,
        'desk-snapshot': follow,
      }),
    );

    stack.use(
      await serve(bus, 'conversation', {
        commands: { ...commandHandlers(domain), ...settingsHandlers(bus, store, settings) },
        queries: queryHandlers(bus, store, domain),
      }),
    );
    stack.use(await sendAwayWhoIsGone(bus, domain));
    const health = await healthServer({
      host: env.CONTINUO_HTTP_HOST,
      port: env.CONTINUO_HTTP_PORT,
      ready: { NATS: bus.answers, MongoDB: store.answers },
    });
    return answeringToTheLast(stack.move(), health);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
