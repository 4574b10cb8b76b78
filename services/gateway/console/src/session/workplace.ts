// The agent's workplace: joins socket, store and the things an agent does. Views call it and read the store; nothing else talks to the server.

import type { Card, ResumedFrom } from '@continuo/contracts';
import type { AgentFrame, ToAgent } from '@continuo/contracts/frames';
import { newId } from '@continuo/contracts/ids';
import { createClosing } from '../conversation/closing.ts';
import { hasGap, numberOf } from '../conversation/state.ts';
import { type CrmDesk, createCrmDesk, createCrmListDesk } from '../crm/asking.ts';
import { createInboxDesk } from '../inbox/asking.ts';
import { withCard } from '../visitor-card/state.ts';
import { asked, type ConsoleState, initialConsole, receive } from './console-state.ts';
import { parseDrafts, withDraft } from './drafts.ts';
import { keep } from './kept.ts';
import { type Outgoing, parseOutbox } from './outbox.ts';
import { type AgentCommand, createRequests, type Outcome, type Requests } from './requests.ts';
import { createSending } from './sending.ts';
import { openSocket } from './socket.ts';
import { lost, myDesk } from './state.ts';
import { createStore } from './store.ts';
import { createUploads } from './uploads.ts';

export type Workplace = ReturnType<typeof openWorkplace>;

const socketUrl = (): string => `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/ws/agent`;
const TYPING_EVERY_MS = 3000;
const LOGOUT_PATIENCE_MS = 2000;

/** @param agent whose drafts and unsent messages this browser keeps */
export function openWorkplace(agent: string) {
  const store = createStore<ConsoleState>(initialConsole);
  const drafts = keep(`continuo.drafts.${agent}`, {}, parseDrafts);
  const shown = new Map<string, number>();
  const typedAt = new Map<string, number>();
  const now = (): number => Date.now() + store.get().session.clockOffset;

  const socket = openSocket(socketUrl(), {
    onFrame,
    onLost() {
      sending.onLost();
      store.update((state) => ({ ...state, session: lost(state.session, Date.now()) }));
    },
    onFatal: (code, words) =>
      store.update((state) => ({
        ...state,
        session: { ...state.session, connection: { state: 'ended', code, words } },
      })),
  });
  const send = (frame: AgentFrame): boolean => socket.send(frame);
  const requests = createRequests({ send, newId, later: setTimeout });
  const command = noticing(requests.command, store.update);
  const kept = keep(`continuo.outbox.${agent}`, [], parseOutbox);
  const sending = createSending({ store, kept, send, newId, onChange: () => uploads.look() });
  const uploads = createUploads({
    agent,
    outbox: () => store.get().outbox,
    settle: (id, outcome) => sending.settleFile(id, outcome),
  });
  uploads.look();
  const inbox = createInboxDesk(store, requests);
  const crmDesks = new Map<string | undefined, CrmDesk>();
  /** @param id without it the first of the site's CRMs, of which inbox and visitor's card speak */
  const crmOf = (id?: string): CrmDesk => {
    const desk = crmDesks.get(id) ?? createCrmDesk(store, requests, command, id);
    crmDesks.set(id, desk);
    return desk;
  };
  const crm = crmOf();
  const crms = createCrmListDesk(store, requests, command, crmOf);
  const closing = createClosing({
    store,
    close: (conversation) => command('close', { conversation, reason: 'solved' }),
  });

  function onFrame(frame: ToAgent): void {
    store.update((state) => receive(state, frame, Date.now()));
    requests.receive(frame);
    sending.onFrame(frame);
    closing.onFrame(frame);
    crms.onFrame(frame);
    if (frame.t === 'welcome') resume();
    // What was asked while nobody answered is asked again.
    if (frame.t === 'service' && frame.up) refresh();
    if (frame.t === 'event') {
      inbox.closeGaps();
      closeGap(frame.event.key);
    }
    if (frame.t === 'transcript') closeGap(frame.conversation);
  }
  function closeGap(conversation: string): void {
    const dialogue = store.get().dialogues[conversation];
    if (dialogue && shown.has(conversation) && hasGap(dialogue)) ask(conversation);
  }
  function resume(): void {
    for (const conversation of shown.keys()) ask(conversation);
    requests.repeat();
    refresh();
  }
  function refresh(): void {
    inbox.refresh();
    // Which is the first decides whose the rest is.
    void crms.load().then(crm.refresh);
  }
  function ask(conversation: string): void {
    store.update((state) => asked(state, conversation));
    send({ t: 'open', conversation, number: numberOf(store.get().dialogues[conversation]) });
  }

  /** Its content stays in the browser until it is at the gateway. */
  async function toBring(file: File): Promise<NonNullable<Outgoing['file']>> {
    const content = newId();
    await uploads.keep(content, file);
    return { name: file.name || 'file', bytes: file.size, content, way: true };
  }

  return {
    store,
    now,
    inbox,
    crm,
    crmOf,
    crms,
    closing,
    command,
    sending,
    uploads,
    /** Sends files as messages of their own. @returns the names of those that are too large */
    async sendFiles(conversation: string, files: readonly File[], from: ResumedFrom): Promise<string[]> {
      const most = store.get().session.site?.fileBytes ?? 0;
      for (const file of files) {
        if (file.size === 0 || file.size > most) continue;
        sending.post(conversation, '', from, now(), { file: await toBring(file) });
      }
      return files.filter(({ size }) => size > most).map(({ name }) => name);
    },
    /** Sends words with a card; `picture`: one of this computer. */
    async sendCard(conversation: string, text: string, from: ResumedFrom, card: Card, picture?: File): Promise<void> {
      const file = picture && { file: await toBring(picture) };
      sending.post(conversation, text, from, now(), { card, ...file });
    },
    /** Shows a dialogue and keeps it live until the returned function is called. */
    show(conversation: string): () => void {
      const times = shown.get(conversation) ?? 0;
      shown.set(conversation, times + 1);
      if (times === 0) ask(conversation);
      return () => {
        const left = (shown.get(conversation) ?? 1) - 1;
        if (left > 0) return void shown.set(conversation, left);
        shown.delete(conversation);
        send({ t: 'leave', conversation });
      };
    },
    /** Tells the others that something is being written; at most once in three seconds. */
    typing(conversation: string): void {
      if (Date.now() - (typedAt.get(conversation) ?? 0) < TYPING_EVERY_MS) return;
      typedAt.set(conversation, Date.now());
      send({ t: 'typing', conversation });
    },
    delivered: (conversation: string, upTo: number): boolean => send({ t: 'delivered', conversation, upTo }),
    draft: (conversation: string): string => drafts.read()[conversation]?.text ?? '',
    keepDraft: (conversation: string, text: string): void =>
      drafts.update((all) => withDraft(all, conversation, text, Date.now())),
    async loadCard(visitor: string): Promise<void> {
      const reply = await requests.query('visitor-card', { visitor });
      if (reply.ok) store.update((state) => ({ ...state, cards: withCard(state.cards, reply.answer) }));
    },
    setAvailability: (state: ReturnType<typeof myDesk>['state']): Promise<Outcome> =>
      command('set-availability', { agent, state }),
    /** Leaves the desk first, so that no dialogue comes to an empty chair; a server that does not answer cannot hold the agent. */
    async end(): Promise<void> {
      closing.flush();
      const patience = new Promise((resolve) => setTimeout(resolve, LOGOUT_PATIENCE_MS));
      const { connection } = store.get().session;
      if (connection.state === 'live' && myDesk(store.get().session).state !== 'offline')
        await Promise.race([command('set-availability', { agent, state: 'offline' }), patience]);
      socket.end();
    },
    /** Lets go of the socket only; used when the session is over anyway. */
    drop: (): void => socket.end(),
  };
}

export type Command = Requests['command'];

/** A command whose refusal is told where it happens on the screen, or else in the notice. */
function noticing(
  command: Command,
  update: (change: (state: ConsoleState) => ConsoleState) => void,
): (...args: Parameters<Command>) => Promise<Outcome> {
  /** Refusals of these are shown beside what the agent did. */
  const quiet = new Set<AgentCommand>([
    'identify-contact',
    'mark-read',
    'test-crm',
    'choose-crm-contact',
    'save-crm-connection',
  ]);
  return async (name, data) => {
    const outcome = await command(name, data);
    if (!outcome.ok && !quiet.has(name))
      update((state) => ({ ...state, notice: { key: Date.now(), refusal: outcome.refusal, words: outcome.words } }));
    return outcome;
  };
}
