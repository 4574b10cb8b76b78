// One reconciliation of one conversation: load it from the stream, take lease and locks, carry the plan out, write down how it went. What the CRM
// refuses is no exception here: it stands in the link record, and the answer says when to come back.
import { randomUUID } from 'node:crypto';
import { type Bus, lastOf, load, type Settings } from '@continuo/bus';
import { DEFAULT_CRM_CONNECTION } from '@continuo/contracts';
import { clock, signLink } from '@continuo/runtime';
import { linkTo } from '@continuo/telemetry';
import { fold, type Transcript } from '@continuo/transcript';
import { reportConnection } from './connection-state.ts';
import { type Connections, prepareOnce, type SiteConnection } from './connections.ts';
import { CrmError } from './connectors/crm-error.ts';
import { type ContactLocks, contactKeys } from './contact-locks.ts';
import { holdsBack } from './domain/breaker.ts';
import { type Choice, isOpen } from './domain/choice.ts';
import { type Link, newLink, progressOf } from './domain/link.ts';
import { roomIn } from './domain/note.ts';
import { failed, heldBack, reportOf, undecided } from './failures.ts';
import type { Entered, Gates } from './gate.ts';
import { askWay, wantedOf } from './job.ts';
import type { Lags } from './lag.ts';
import { type Lease, LeaseLostError, type Links } from './links.ts';
import { SETTLED_MS, TooEarlyError } from './make-lead.ts';
import { type Job, removeDoubles } from './perform.ts';
import { performChecked } from './recheck.ts';
import { reportFailed, reportWritten } from './report.ts';
import { wakeWaiting } from './wake.ts';

export interface SyncParts {
  bus: Bus;
  settings: Settings;
  links: Links;
  locks: ContactLocks;
  connections: Connections;
  gates: Gates;
  lags: Lags;
  linkKey: string;
}
/** When the conversation wants to be looked at again, in milliseconds; undefined: only when something happens. */
export type ComeBack = number | undefined;
export interface SyncOptions {
  /** Not before the time at which a failed try is to be repeated. */
  patient?: boolean;
  signal?: AbortSignal | undefined;
  /** Of the site's connections the one that is meant, or what was just read of it; without it the first. */
  connection?: string | SiteConnection | undefined;
}
export type Sync = (site: string, conversation: string, options?: SyncOptions) => Promise<ComeBack>;

/** Somebody else is at the same conversation or person. */
const BUSY_MS = 1_500;
const BEAT_MS = 5_000;

export function newSync(parts: SyncParts): Sync {
  const { bus, links, connections, gates } = parts;
  return async (site, conversation, { patient = false, signal, connection: meant } = {}) => {
    const { events, origins } = await load(bus, 'CONVERSATION', site, conversation);
    const transcript = fold(events);
    if (!transcript) return undefined;
    const cause = events.at(-1)?.id ?? conversation;
    const connection = typeof meant === 'object' ? meant : await connections.of(site, meant);
    // It was removed since this look was set.
    if (!connection && meant !== undefined && meant !== DEFAULT_CRM_CONNECTION) return undefined;
    const fresh = newLink(site, conversation, connection?.identity ?? '', connection?.id);
    const holder = randomUUID();
    const lease = await links.acquire(fresh, holder);
    if (!lease) return jitter(BUSY_MS);
    // One trace leads here; of what else was said in the window each has its own.
    linkTo(origins.slice(lease.link().writtenUpTo).filter((origin) => origin !== undefined));
    try {
      // Its connection was removed: what stood in that CRM is all that it will hold, unless it comes back.
      if (!connection && lease.link().connection !== '') return undefined;
      await lease.save(wanting(lease.link(), transcript, connection, events), clock.now());
      if (!connection) return undefined;
      if (connection.unusable) {
        // The next start brings it on, with a mapping that works and a key that fits.
        await lease.save(heldBack(lease.link(), connection.unusable, undefined, clock.now()), clock.now());
        return undefined;
      }
      const waitMs = (lease.link().failure?.retryAt ?? 0) - clock.now();
      if (patient && waitMs > 0 && !waitsForChoice(lease.link())) return waitMs;
      const entry = await gates.enter(connection.key, connection.revision);
      if (!entry.open) {
        if (entry.because)
          await lease.save(heldBack(lease.link(), entry.because, entry.waitMs, clock.now()), clock.now());
        return entry.waitMs === undefined ? undefined : spread(entry.waitMs);
      }
      return await withLocks(parts, lease, { transcript, connection, cause, holder, signal }, entry);
    } catch (error) {
      // Whoever took over sees to it.
      if (error instanceof LeaseLostError) return jitter(BUSY_MS);
      throw error;
    } finally {
      await lease.release();
    }
  };
}

interface Run {
  transcript: Transcript;
  connection: SiteConnection;
  cause: string;
  holder: string;
  signal: AbortSignal | undefined;
}

async function withLocks(parts: SyncParts, lease: Lease, run: Run, entered: Entered): Promise<ComeBack> {
  const { visitor, contact } = run.transcript;
  const lock = await parts.locks.acquire(contactKeys(run.connection.key, visitor, contact), run.holder);
  if (!lock) {
    await entered.leave('neither');
    return jitter(BUSY_MS);
  }
  const beat = setInterval(() => {
    // A renewal that fails is found out by the next save.
    Promise.all([lease.renew(), lock.renew()]).catch(() => {});
  }, BEAT_MS);
  try {
    return await reconcile(parts, lease, run, entered);
  } finally {
    clearInterval(beat);
    // Nothing left by an error that is not the CRM's.
    await entered.leave('neither');
    await lock.release();
  }
}

async function reconcile(parts: SyncParts, lease: Lease, run: Run, entered: Entered): Promise<ComeBack> {
  const { transcript, connection, cause } = run;
  const before = progressOf(lease.link());
  const upTo = lease.link().writtenUpTo;
  try {
    const job = await jobOf(parts, lease, run, entered);
    await prepareOnce(parts.connections, connection, job.crm);
    const wrote = await performChecked(job, parts.links);
    const said = lease.chosen();
    if (said) await parts.links.clearChosen(connection.key, transcript.conversation, said.at);
    const { choice } = lease.link();
    if (isOpen(choice)) return await leftToChoose(parts, lease, { run, entered, job, choice });
    if (lease.link().held) return await heldBackByRule(parts, lease, run, entered);
    const pushed = wrote ? pushedAt(lease.link(), clock.now()) : lease.link();
    const done = { ...pushed, writtenUpTo: transcript.number };
    await lease.save(caughtUp(done), clock.now());
    if (wrote && done.lagMs !== undefined)
      await parts.lags.add(
        connection.key,
        connection.connector.describe.id,
        done.lagMs,
        messagesAfter(transcript, upTo),
      );
    if (lease.recheck() !== undefined) await reportConnection(parts.bus, parts, connection);
    const again = await settle(parts, job, connection.key);
    const { recovered } = await entered.leave('success');
    if (recovered) await wakeWaiting(parts, connection);
    if (done.reportedUpTo < done.writtenUpTo) {
      await reportWritten(parts.bus, done, connection.connector.describe.id, cause);
      await lease.save({ ...lease.link(), reportedUpTo: done.writtenUpTo }, clock.now());
    }
    return (await isBehind(parts.bus, transcript)) ? windowOf(parts, transcript.site) : again;
  } catch (error) {
    if (error instanceof TooEarlyError) return error.waitMs;
    if (!(error instanceof CrmError)) throw error;
    await entered.leave(reportOf(error));
    const { breaker } = await parts.gates.standing(connection.key, connection.revision);
    const at = { now: clock.now(), random: Math.random(), alive: !holdsBack(breaker) };
    const { link, retryInMs } = failed(lease.link(), before, error, at);
    await lease.save(link, clock.now());
    await reportFailed(parts.bus, link, connection.connector.describe.id, cause);
    return retryInMs;
  }
}

/** A person has to say whose the dialogue is. Until then it is written where it stands, if it stands anywhere, and else waits here, for all to see. */
async function leftToChoose(
  parts: SyncParts,
  lease: Lease,
  { run, entered, job, choice }: { run: Run; entered: Entered; job: Job; choice: Choice },
): Promise<ComeBack> {
  const { transcript, connection, cause } = run;
  const link = lease.link();
  const { id } = connection.connector.describe;
  const asked = waitsForChoice(link) && link.failure?.at === choice.since;
  const written = link.record ? { ...caughtUp(link), writtenUpTo: transcript.number } : link;
  await lease.save(undecided(written, choice, connection.name), clock.now());
  const again = await settle(parts, job, connection.key);
  const { recovered } = await entered.leave('success');
  if (recovered) await wakeWaiting(parts, connection);
  if (!asked) await reportFailed(parts.bus, lease.link(), id, cause);
  if (await isBehind(parts.bus, transcript)) return windowOf(parts, transcript.site);
  return Math.min(again ?? Number.POSITIVE_INFINITY, Math.max(0, choice.until - clock.now()));
}

const waitsForChoice = ({ choice, failure }: Link): boolean => isOpen(choice) && failure?.failure === 'ambiguous';

/** The CRM works, and lacks nothing that it should hold. */
async function heldBackByRule(
  parts: SyncParts,
  lease: Lease,
  { transcript, connection }: Run,
  entered: Entered,
): Promise<ComeBack> {
  await lease.save(caughtUp(lease.link()), clock.now());
  const { recovered } = await entered.leave('success');
  if (recovered) await wakeWaiting(parts, connection);
  return (await isBehind(parts.bus, transcript)) ? windowOf(parts, transcript.site) : undefined;
}

async function jobOf(
  parts: SyncParts,
  lease: Lease,
  { transcript, connection, signal }: Run,
  entered: Entered,
): Promise<Job> {
  const { bus, settings, links, linkKey } = parts;
  const { takesFacts = false, idempotent = false, noteLimit } = connection.connector.describe;
  const { site, conversation } = transcript;
  const known = settings.site(site);
  const way = await askWay(bus, transcript, lease.link().way);
  if (way !== lease.link().way) await lease.save({ ...lease.link(), way }, clock.now());
  const dialogueUrl = `${(known?.consoleUrl ?? '').replace(/\/+$/, '')}/open/${signLink(linkKey, { site, conversation })}`;
  return {
    ...wantedOf(transcript, {
      site: known,
      way,
      dialogueUrl,
      takesFacts,
    }),
    transcript,
    idempotent,
    chosen: lease.chosen()?.connection === connection.identity ? lease.chosen() : undefined,
    // Around each request: its turn, the proof that nobody took over, and the news that the CRM answers again.
    crm: connection.open(signal, {
      pace: async (rate) => {
        await entered.pace(rate, signal);
        await lease.confirm();
        parts.lags.called(connection.key);
      },
      worked: async (wrote) => {
        const { recovered } = await entered.worked(wrote);
        if (recovered) await wakeWaiting(parts, connection);
      },
    }),
    lease,
    room: roomIn(noteLimit),
    now: clock.now,
    raiseDoubt: () => links.raiseDoubt(connection.key, conversation),
    isLinked: (record) => links.names(connection, record),
  };
}

/** Doubles are looked for at once and once more when a late call can no longer arrive. @returns when that is */
async function settle({ links }: SyncParts, job: Job, key: string): Promise<ComeBack> {
  const { conversation } = job.transcript;
  const since = (await links.read(key, conversation))?.doubt;
  if (since === undefined) return undefined;
  await removeDoubles(job);
  const left = since + SETTLED_MS - Date.now();
  if (left > 0) return left;
  await links.clearDoubt(key, conversation, since);
  return undefined;
}

/** What the CRM should hold; in another CRM than before everything begins anew. */
function wanting(
  link: Link,
  transcript: Transcript,
  connection: SiteConnection | undefined,
  events: readonly { time: number }[],
): Link {
  const { site, conversation, number, contact } = transcript;
  const same = !connection || link.connection === '' || link.connection === connection.identity;
  const base = same ? link : newLink(site, conversation, connection.identity, connection.id);
  // What a rule holds back is not lacking.
  const lackedSince = base.behindSince ?? events[Math.max(base.writtenUpTo, base.held?.upTo ?? 0)]?.time;
  // What was said before a CRM was connected did not wait for it.
  const behindSince = lackedSince === undefined ? undefined : Math.max(lackedSince, connection?.since ?? 0);
  const label = contact.name ?? contact.email ?? contact.phone;
  return {
    ...base,
    connection: connection?.identity ?? base.connection,
    wantedUpTo: Math.max(base.wantedUpTo, number),
    ...(behindSince !== undefined && { behindSince }),
    ...(label !== undefined && { contact: label }),
  };
}

const messagesAfter = ({ items }: Transcript, number: number): number =>
  items.filter((item) => item.kind === 'message' && item.number > number).length;

/** How long it took: since the first event was stored that the CRM lacked. */
function pushedAt({ lagMs: _before, ...link }: Link, now: number): Link {
  const { behindSince } = link;
  return { ...link, lastPushedAt: now, ...(behindSince !== undefined && { lagMs: Math.max(0, now - behindSince) }) };
}

function caughtUp({ failure: _failure, behindSince: _behindSince, ...link }: Link): Link {
  return link;
}

/** Something was said after it was loaded, or a follower answered late: the leader knows. */
async function isBehind(bus: Bus, { site, conversation, number }: Transcript): Promise<boolean> {
  return ((await lastOf(bus, 'CONVERSATION', site, conversation))?.number ?? 0) > number;
}

const windowOf = ({ settings }: SyncParts, site: string): number =>
  (settings.site(site)?.crm.windowSeconds ?? 5) * 1000;
const jitter = (milliseconds: number): number => Math.round(milliseconds + Math.random() * 1_000);
/** A whole site waits for one pause: its dialogues come back one after the other. */
const spread = (milliseconds: number): number => jitter(milliseconds * (1 + Math.random() / 4));
