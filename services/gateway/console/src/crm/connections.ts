// The CRMs of the site: a line of each for the list, and of those that were looked at all that is known. The first is the one that the inbox and the visitor's
// card speak of. Pure.
import type { CrmConnectionLine, QueryAnswer } from '@continuo/contracts';
import type { FrameOf } from '../session/protocol.ts';
import { type CrmState, countsShown, fallBehind, initialCrm, report } from './state.ts';

/** Of a site that has none, and of the one that was made without an id. */
export const DEFAULT = 'crm';

export interface CrmsState {
  /** Of which the inbox speaks. */
  first: string;
  /** As the server lists them; undefined until it has. */
  list?: CrmConnectionLine[];
  of: Record<string, CrmState>;
  /** Grows with every report of any of them. */
  news: number;
}
/** As libs/contracts has it. */
export const CONNECTION_ID = '[a-z0-9](?:[a-z0-9\\-]{0,18}[a-z0-9])?';

export const initialCrms: CrmsState = { first: DEFAULT, of: {}, news: 0 };

export const crmOf = ({ of, first }: CrmsState, id?: string): CrmState => of[id ?? first] ?? initialCrm;

export const withCrm = (state: CrmsState, id: string | undefined, change: (crm: CrmState) => CrmState): CrmsState => {
  const one = id ?? state.first;
  return { ...state, of: { ...state.of, [one]: change(crmOf(state, one)) } };
};

/** What was known of one that is gone is forgotten: made again, it begins anew. */
export function withList(state: CrmsState, { connections }: QueryAnswer<'crm-connections'>): CrmsState {
  const first = connections[0]?.connection ?? DEFAULT;
  const stands = (id: string): boolean => connections.some(({ connection }) => connection === id);
  return {
    ...state,
    first,
    list: connections,
    of: Object.fromEntries(Object.entries(state.of).filter(([id]) => stands(id))),
  };
}

export function reported(state: CrmsState, frame: FrameOf<'report'>): CrmsState {
  const { event } = frame;
  if (event.type === 'mail-sent' || event.type === 'mail-failed') return state;
  const id = event.data.connection ?? DEFAULT;
  const news = state.news + 1;
  if (event.type === 'crm-connection-changed') {
    const { removed, ...standing } = event.data;
    const kept = (state.list ?? []).filter(({ connection }) => !removed || connection !== id);
    const list = kept.map((line) => (line.connection === id ? { ...line, ...standing, connection: id } : line));
    const known = { ...state, news, ...(state.list && { list }) };
    if (removed) return withList(known, { connections: list });
    return id in state.of || id === state.first ? withCrm(known, id, (crm) => report(crm, frame)) : known;
  }
  // Of one that nobody has looked at here only its line is shown, and that is asked for.
  if (!(id in state.of) && id !== state.first) return { ...state, news };
  return withCrm({ ...state, news }, id, (crm) => report(crm, frame));
}

export function saidSomething(state: CrmsState, frame: FrameOf<'event'>): CrmsState {
  let changed = false;
  const of = Object.fromEntries(
    Object.entries(state.of).map(([id, crm]) => {
      const next = fallBehind(crm, frame);
      changed ||= next !== crm;
      return [id, next] as const;
    }),
  );
  return changed ? { ...state, of } : state;
}

/** Several are called so: something else has to tell them apart. */
export const namesakes = (all: readonly { name: string }[], name: string): boolean =>
  all.filter((one) => one.name === name).length > 1;

export const isListed = ({ list = [] }: CrmsState, id: string): boolean =>
  list.some(({ connection }) => connection === id);

/** As fresh as what is known of it, and as its page tells them. */
export function countsOf(
  state: CrmsState,
  { connection, counts, state: stands }: CrmConnectionLine,
): CrmConnectionLine['counts'] {
  if (state.of[connection]?.loaded) return countsShown(crmOf(state, connection));
  // Not looked at, nobody knows which of them the refused key holds up: most.
  return stands === 'stopped' ? { pending: counts.pending + counts.failed, failed: 0 } : counts;
}

/** What needs a person, in all of them: also whoever waits for a key that was refused. */
export function allFailed(state: CrmsState): number {
  if (!state.list || state.list.length < 2) return crmOf(state).counts.failed;
  return state.list.reduce(
    (sum, { connection, counts }) =>
      sum + (state.of[connection]?.loaded ? crmOf(state, connection).counts : counts).failed,
    0,
  );
}

/** Cyrillic letters as they are usually written in addresses; ъ and ь are left out. */
const CYRILLIC = 'а б в г ґ д е ё є ж з и і ї й к л м н о п р с т у ў ф х ц ч ш щ ы э ю я'.split(' ');
const LATIN = 'a b v g g d e e ye zh z i i yi y k l m n o p r s t u u f h ts ch sh sch y e yu ya'.split(' ');

/** Small letters, digits and hyphens made of a name, and none that is taken. */
export function idFor(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[а-яёєіїўґ]/g, (letter) => LATIN[CYRILLIC.indexOf(letter)] ?? '')
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 16)
    .replace(/^-+|-+$/g, '');
  const base = plain || 'connection';
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(id)) return id;
  }
}
