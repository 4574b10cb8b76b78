// One connection for all tabs of a site: the tab that leads has the socket and lets the others hear every frame; they say what they have to say through it.
// A tab is believed to lead as long as it answers: one that the browser has put to sleep is relieved.
import type { ToVisitor, VisitorFrame } from '@continuo/contracts/frames';
import { type Connection, type Line, openConnection, type Surroundings, type Talk } from './connection.ts';
import type { Knowledge } from './dialogue.ts';
import type { Tabs } from './tabs.ts';

const ANSWER_WITHIN = 3_000;
/** So often a tab in sight asks whether the one that leads is there: one that only reads would not notice. */
const ASK_EVERY = 15_000;

type Word =
  /** How do things stand? */
  | ['who']
  | ['stands', Line, Knowledge]
  | ['heard', ToVisitor]
  /** `true`: the leading tab is out of sight, where browsers slow it down. */
  | ['line', Line, boolean]
  | ['say', VisitorFrame]
  | ['wake']
  /** There is something in the outbox. */
  | ['post']
  /** The device knows the visitor no more. */
  | ['forget'];

export interface SharedTalk extends Talk {
  known(): Knowledge;
  /** What the tab that leads knows. */
  onKnown(known: Knowledge): void;
  /** Another tab has put something into the outbox. */
  onPost(): void;
  /** In another tab the visitor was forgotten. */
  onForget(): void;
}
export interface SharedConnection extends Connection {
  /** Only the tab that leads brings the outbox to the gateway. */
  leads(): boolean;
  /** Tells the tab that leads that there is something in the outbox. */
  post(): void;
  /** Ends it in all other tabs, too. */
  forget(): void;
}

export function shareConnection(talk: SharedTalk, around: Surroundings, tabs: Tabs): SharedConnection {
  let own: Connection | undefined;
  let line: Line = 'opening';
  /** While an answer is awaited of the tab that leads. */
  let cancelDoubt: (() => void) | undefined;

  const say = (word: Word) => tabs.say(word);
  const setLine = (to: Line) => {
    if (line === to) return;
    line = to;
    talk.onLine(to);
  };
  const tellLine = () => say(['line', line, !around.inSight()]);

  function lead(): void {
    believe();
    setLine('opening');
    const onFrame = (frame: ToVisitor) => {
      say(['heard', frame]);
      talk.onFrame(frame);
    };
    const onLine = (to: Line) => {
      setLine(to);
      tellLine();
    };
    own = openConnection({ ...talk, onFrame, onLine }, around);
  }
  function follow(): void {
    own?.stop();
    own = undefined;
    tabs.seek(lead, follow);
    if (!own) ask(['who']);
  }
  /** Whoever does not answer does not lead any more. */
  function ask(word: Word): void {
    say(word);
    cancelDoubt ??= around.later(ANSWER_WITHIN, takeOver);
  }
  function believe(): void {
    cancelDoubt?.();
    cancelDoubt = undefined;
  }
  const takeOver = () => tabs.seek(lead, follow, true);

  function answer(word: Word): void {
    if (word[0] === 'who') return say(['stands', line, talk.known()]);
    if (word[0] === 'say') own?.send(word[1]);
    else if (word[0] === 'wake') own?.wake();
    else if (word[0] === 'post') talk.onPost();
    else return;
    tellLine();
  }
  function learn(word: Word): void {
    if (word[0] === 'heard') talk.onFrame(word[1]);
    else if (word[0] === 'stands') {
      talk.onKnown(word[2]);
      setLine(word[1]);
    } else if (word[0] === 'line') setLine(word[1]);
    else return;
    believe();
    if (word[0] === 'line' && word[1] === 'lost' && word[2] && around.inSight()) takeOver();
  }

  const askNowAndThen = () => {
    if (!own && around.inSight()) ask(['post']);
    cancelAsking = around.later(ASK_EVERY, askNowAndThen);
  };
  let cancelAsking = around.later(ASK_EVERY, askNowAndThen);
  const stop = () => {
    cancelAsking();
    believe();
    tabs.leave();
    own?.stop();
  };

  tabs.hear((word: Word) => (word[0] === 'forget' ? talk.onForget() : own ? answer(word) : learn(word)));
  follow();
  return {
    leads: () => own !== undefined,
    post: () => ask(['post']),
    send(frame) {
      if (own) return own.send(frame);
      if (line === 'live') ask(['say', frame]);
      return line === 'live';
    },
    wake() {
      if (own) return own.wake();
      say(['wake']);
      ask(['who']);
    },
    restart: () => (own ? own.restart() : ask(['who'])),
    stop,
    forget() {
      say(['forget']);
      stop();
    },
  };
}
