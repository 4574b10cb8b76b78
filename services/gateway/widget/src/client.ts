// The visitor's side of the protocol without any picture: joins connection, outbox and knowledge, and tells whoever looks.
// Every word goes into the outbox before it goes anywhere else.
import type { Contact, Page, PageFact } from '@continuo/contracts';
import type { DoneFrame, ErrorFrame, IdentifiedFrame, RefusedFrame, ToVisitor } from '@continuo/contracts/frames';
import { newId } from '@continuo/contracts/ids';
import type { Line, Surroundings } from './connection.ts';
import { isUpToDate, type Knowledge, learn, NOTHING_KNOWN } from './dialogue.ts';
import type { Keep } from './keep.ts';
import { LONGEST_TEXT, VERSION } from './limits.ts';
import { nextCommand } from './next-command.ts';
import { openOutbox, type Parcel } from './outbox.ts';
import { openSeen } from './seen.ts';
import { openSender } from './sender.ts';
import { shareConnection } from './shared-connection.ts';
import type { Tabs } from './tabs.ts';
import { CONSENT, openTelling } from './telling.ts';

const TYPING_LASTS = 6_000;
const KEEP_AFTER = 300;
const AGAIN_AFTER = 2_000;

export interface State {
  line: Line;
  known: Knowledge;
  /** What is on the device only. */
  parcels: readonly Parcel[];
  /** The gateway said last that there is no room for what was written. */
  full: boolean;
}
export interface Client {
  state(): State;
  subscribe(listener: () => void): () => void;
  send(text: string): void;
  /** What is said in another way than by words, e.g. by a file. */
  post(what: Unsent): void;
  /** Changes what waits, or takes it away. */
  change(id: string, to?: (parcel: Parcel) => Parcel): void;
  sendAgain(id: string): void;
  /** He is typing, and this is what, where the site lets agents see that. */
  typing(text: string): void;
  token(): string | undefined;
  viewPage(page: Page): void;
  /** What the page's code says of the visitor. */
  report(fact: PageFact): void;
  /** A token of the site that says who he is. @returns that, once the gateway has verified it, or nothing where it does not hold */
  prove(token: string): Promise<Contact | undefined>;
  consent(given: boolean): void;
  /** From now on he is spoken to in this language. */
  speak(language: string): void;
  /** Whether the visitor has the dialogue before his eyes; what is new counts as read from then on. */
  watch(watching: boolean): void;
  wake(): void;
  /** Another tab of the site changed the outbox; browsers show it later than that tab may have said so. */
  outboxChanged(): void;
  /** The page may vanish: everything onto the device now. */
  save(): void;
  /** The end on this page; `forget` takes all that the device keeps of the visitor. */
  stop(forget: boolean): void;
  /** The product's time, by what the gateway said. */
  now(): number;
}
type Unsent = Parcel extends infer Each
  ? Each extends Parcel
    ? Omit<Each, 'id' | 'at' | 'page'> & { id?: string }
    : never
  : never;
export interface ClientOptions {
  site: string;
  /** What is known of the site before the gateway's welcome; newer than what the device keeps. */
  configuration?: Knowledge['site'];
  language: string;
  keep: Keep;
  around: Surroundings;
  tabs: Tabs;
  /** Whether the visitor's way may be told until he has said something about it. */
  mayTrack?: boolean;
  /** The visitor was forgotten in another tab: this client is over. */
  onForgotten?(): void;
}
/** All that stands on the device. */
type Kept = Pick<Knowledge, 'site' | 'transcript' | 'delivered'>;

export function openClient(options: ClientOptions): Client {
  const { site, configuration, keep, around, tabs, mayTrack = true, onForgotten } = options;
  let { language } = options;
  const outbox = openOutbox(keep);
  const seen = openSeen();
  /** Ids of what the device could not keep: no other tab sees it. */
  const here = new Set<string>();
  const listeners = new Set<() => void>();
  const kept = keep.read<Kept>('transcript');
  let state: State = {
    line: 'opening',
    // A configuration tells less than a welcome does: what it does not name, e.g. that files are taken, still stands.
    known: { ...NOTHING_KNOWN, ...kept, ...(configuration && { site: { ...kept?.site, ...configuration } }) },
    parcels: outbox.list(),
    full: false,
  };
  const telling = openTelling(keep, mayTrack);
  /** As this tab knows it. */
  let token = keep.read<string>('token');
  let stopped = false;
  let watching = false;
  /** To whoever waits for what the gateway says of the site's word. */
  let proved = (_contact?: Contact) => {};
  let cancelTyping = () => {};
  let cancelSave: (() => void) | undefined;

  const set = (change: Partial<State> = {}) => {
    state = { ...state, ...change, parcels: outbox.list() };
    for (const listener of listeners) listener();
  };
  const now = () => Math.round(around.now() + state.known.ahead);
  const conversation = () => state.known.transcript?.conversation;
  const mayTell = () => state.line === 'live' && state.known.availability !== undefined && isUpToDate(state.known);

  const known = () => {
    const { typing: _typing, ...rest } = state.known;
    return rest;
  };
  const talk = { hello, onFrame, onLine, onTokenRefused, known, onKnown, onPost, onForget };
  const connection = shareConnection(talk, around, tabs);
  const sender = openSender(
    around,
    () =>
      mayTell() && state.known.storing
        ? nextCommand(state.parcels, { conversation: conversation(), language })
        : undefined,
    (command) => {
      if (connection.leads() || here.has(command.id)) return connection.send(command);
      connection.post();
      return false;
    },
  );
  async function hello() {
    token = keep.read('token');
    const { transcript } = state.known;
    return {
      t: 'hello' as const,
      v: VERSION,
      site,
      language,
      ...(token && { token }),
      ...(transcript && { conversation: { id: transcript.conversation, number: transcript.number } }),
    };
  }

  function onLine(line: Line): void {
    if (line !== 'live') {
      sender.reset();
      seen.reset();
      telling.reset();
    }
    set({ line, full: false });
  }

  function onKnown(told: Knowledge): void {
    set({ known: told });
    proceed();
  }

  function onPost(): void {
    set();
    proceed();
  }

  function onForget(): void {
    forget(connection.stop);
    onForgotten?.();
  }

  function forget(stop: () => void): void {
    stopped = true;
    stop();
    // A tab that hears of it late, e.g. after a sleep, finds what somebody else keeps: that stays.
    if (token !== keep.read('token')) return;
    // Who did not want to be followed has said so for whoever comes after him, too: a no never becomes a yes.
    for (const name of keep.names('')) if (name !== CONSENT || keep.read(name)) keep.write(name, undefined);
    // Files on their way are not wanted any more.
    set();
  }

  function onTokenRefused(): void {
    token = undefined;
    keep.write('token', undefined);
  }

  function onFrame(frame: ToVisitor): void {
    if (frame.t === 'refused') onRefused(frame);
    else if (frame.t === 'error') onError(frame);
    else if (frame.t === 'done') onDone(frame);
    else if (frame.t === 'identified') onIdentified(frame);
    else if (frame.t === 'noted') telling.settle(frame.id);
    else onNews(frame);
  }

  function onNews(frame: ToVisitor): void {
    if (frame.t === 'welcome') {
      token = frame.token;
      keep.write('token', token);
    }
    const { knowledge, settled, gap } = learn(state.known, frame, around.now());
    outbox.settle(settled);
    if (settled.includes(sender.awaited() ?? '')) sender.answered();
    set({ known: knowledge, ...(settled.length > 0 && { full: false }) });
    if (frame.t === 'typing') expireTyping();
    if (settled.length > 0) cancelSave ??= around.later(KEEP_AFTER, save);
    if (gap) connection.restart();
    else proceed();
  }

  function onDone({ id, number }: DoneFrame): void {
    if (id !== sender.awaited()) return;
    sender.answered();
    // A repeat, so its event should be here already; where it is not, something was missed.
    if (number > (state.known.transcript?.number ?? 0)) connection.restart();
    else {
      outbox.settle([id]);
      onPost();
    }
  }

  function onIdentified({ id, contact }: IdentifiedFrame): void {
    telling.settle(id);
    proved(contact);
  }

  function onRefused({ id, refusal, retryAfterMs }: RefusedFrame): void {
    if (refusal === 'identity-unproved') {
      telling.settle(id);
      proved();
    }
    const again = refusal === 'busy' || retryAfterMs !== undefined;
    if (refusal === 'full') set({ full: true });
    if (id !== sender.awaited()) {
      if (!again) return;
      // What waits for no answer: facts and `mark-read`.
      telling.again(id);
      seen.reset();
      around.later(retryAfterMs ?? AGAIN_AFTER, proceed);
      return;
    }
    if (again) sender.pause(retryAfterMs);
    else onFinalRefusal(id, refusal);
  }

  function onFinalRefusal(id: string, refusal: string): void {
    sender.answered();
    const parcel = outbox.list().find((other) => other.id === id);
    if (parcel?.kind === 'offline' && refusal === 'agent-available') {
      const { at, text, email, phone, page } = parcel;
      outbox.replace(id, { id: newId(), at, kind: 'message', text, ...(page && { page }) });
      outbox.keep({ id: newId(), at, kind: 'email', email, ...(phone && { phone }) });
    } else outbox.refuse(id, refusal);
    onPost();
  }

  function onError({ code, fatal, retryAfterMs }: ErrorFrame): void {
    if (fatal) return;
    const id = sender.awaited();
    if (code !== 'bad-frame') sender.pause(retryAfterMs);
    else if (id) onFinalRefusal(id, 'invalid');
  }

  function proceed(): void {
    if (!mayTell()) return;
    telling.go((frame) => connection.send(frame));
    tellSeen();
    sender.go();
  }

  function tellSeen(): void {
    const { transcript } = state.known;
    if (!transcript) return;
    const id = transcript.conversation;
    const { delivered, read } = seen.due(transcript, watching);
    if (delivered && connection.send({ t: 'delivered', conversation: id, upTo: delivered }))
      seen.toldDelivered(delivered);
    if (!read) return;
    const data = { conversation: id, upTo: read };
    if (connection.send({ t: 'command', id: newId(), name: 'mark-read', data })) seen.toldRead(read);
  }

  function expireTyping(): void {
    cancelTyping();
    cancelTyping = around.later(TYPING_LASTS, () => set({ known: known() }));
  }

  function save(): void {
    cancelSave?.();
    cancelSave = undefined;
    if (stopped) return;
    const { site: known, transcript, delivered } = state.known;
    keep.write('transcript', { site: known, transcript, delivered });
  }

  /** Where it was written: another tab may send it. */
  function letter(): Pick<Parcel, 'id' | 'at' | 'page'> {
    const page = telling.page();
    return { id: newId(), at: now(), ...(page && { page }) };
  }

  function post(parcel: Parcel): void {
    if (!outbox.keep(parcel)) here.add(parcel.id);
    onPost();
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send(text) {
      post({ ...letter(), kind: 'message', text });
    },
    post: (what) => post({ ...letter(), ...what }),
    change(id, to) {
      const parcel = outbox.list().find((other) => other.id === id);
      if (!parcel) return;
      if (to) outbox.replace(id, to(parcel));
      else outbox.settle([id]);
      onPost();
    },
    sendAgain(id) {
      outbox.refuse(id);
      onPost();
    },
    typing(text) {
      const id = conversation();
      const shown = state.known.site?.typingPreview && { text: text.slice(0, LONGEST_TEXT) };
      if (id) connection.send({ t: 'typing', conversation: id, ...shown });
    },
    token: () => keep.read('token'),
    viewPage(page) {
      telling.view(page);
      proceed();
    },
    report(fact) {
      telling.fact(newId(), fact);
      proceed();
    },
    prove(token) {
      telling.identify(newId(), token);
      proceed();
      return new Promise((resolve) => {
        proved = resolve;
      });
    },
    consent(given) {
      telling.consent(newId(), given);
      proceed();
    },
    speak(wanted) {
      language = wanted;
    },
    watch(on) {
      watching = on;
      proceed();
    },
    wake: () => connection.wake(),
    outboxChanged: onPost,
    save,
    stop(forgets) {
      if (forgets) return forget(connection.forget);
      save();
      stopped = true;
      connection.stop();
    },
    now,
  };
}
