// What email-fallback consists of: it hears of answers, sets timers, and mails what the visitor has not seen, or the dialogue he asked for.
import { connectBus, consume, consumeTimers, isBusOutage, openSettings } from '@continuo/bus';
import { answeringToTheLast, healthServer, type Service } from '@continuo/runtime';
import { connectStore, isStoreOutage } from '@continuo/store';
import type { Config } from './config.ts';
import { delivery } from './delivery.ts';
import { watchAnswers } from './handlers/watch-answers.ts';
import { onTranscriptRequested, whenTranscriptDue } from './handlers/when-transcript-due.ts';
import { whenUnreadAnswerDue } from './handlers/when-unread-answer-due.ts';
import { openJournal } from './journal.ts';
import { connectMailer, MailServerAwayError } from './smtp.ts';

export async function start(config: Config): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const bus = stack.use(
    await connectBus({
      name: 'email-fallback',
      url: config.CONTINUO_NATS_URL,
      user: config.CONTINUO_NATS_USER,
      password: config.CONTINUO_NATS_PASSWORD,
    }),
  );
  const store = stack.use(
    await connectStore({ url: config.CONTINUO_MONGO_URL, database: config.CONTINUO_MONGO_DATABASE }),
  );
  const settings = stack.use(await openSettings(bus));
  const mailer = stack.use(connectMailer(config.CONTINUO_SMTP_URL));
  const journal = await openJournal(store);

  const watch = watchAnswers({ bus, settings });
  const confirmMs = config.CONTINUO_MAIL_CONFIRM_SECONDS * 1000;
  const timeZone = config.CONTINUO_MAIL_TIME_ZONE;
  const parts = { bus, settings, journal, delivery: delivery({ bus, journal, mailer, confirmMs }), timeZone };
  stack.use(
    await consume(bus, 'email-fallback', {
      'conversation-started': watch,
      'message-sent': watch,
      'offline-message-left': watch,
      'contact-identified': watch,
      'messages-read': watch,
      'transcript-requested': onTranscriptRequested({ bus }),
    }),
  );
  stack.use(
    await consumeTimers(
      bus,
      'email-fallback-timers',
      { 'unread-answer-due': whenUnreadAnswerDue(parts), 'transcript-due': whenTranscriptDue(parts) },
      { outage: (error) => error instanceof MailServerAwayError || isBusOutage(error) || isStoreOutage(error) },
    ),
  );
  const health = await healthServer({
    host: config.CONTINUO_HTTP_HOST,
    port: config.CONTINUO_HTTP_PORT,
    ready: { NATS: bus.answers, MongoDB: store.answers },
  });
  return answeringToTheLast(stack.move(), health);
}
