// The journal page: the link records as rows, and what the CRM itself holds of a conversation.
import { refuse } from '@continuo/bus';
import {
  type CrmConnectionLine,
  type CrmFigures,
  DEFAULT_CRM_CONNECTION,
  type Envelope,
  type JournalRow,
  type QueryAsk,
  type QueryName,
  type QueryReply,
} from '@continuo/contracts';
import type { mongo } from 'mongoose';
import { connectionState } from './connection-state.ts';
import type { Connections, SiteConnection } from './connections.ts';
import { CrmError } from './connectors/crm-error.ts';
import { formOf } from './connectors/form.ts';
import { connectorNames } from './connectors/index.ts';
import type { Deliveries } from './connectors/push/deliveries.ts';
import { isOpen } from './domain/choice.ts';
import { sameRecord } from './domain/link.ts';
import { parsePartMarker } from './domain/note.ts';
import { keyOf, type Which } from './domain/which.ts';
import type { Gates } from './gate.ts';
import type { Lags } from './lag.ts';
import { type Links, linksOf, type StoredLink } from './links.ts';
import { connectsCrms } from './rights.ts';

type Handler<K extends QueryName> = (envelope: Envelope, ask: QueryAsk<K>) => Promise<QueryReply<K>>;

export function journalQueries({
  links,
  connections,
  deliveries,
  gates,
  lags,
}: {
  links: Links;
  connections: Connections;
  deliveries: Deliveries;
  gates: Gates;
  lags: Lags;
}): {
  [K in
    | 'crm-journal'
    | 'crm-connection'
    | 'crm-connections'
    | 'crm-connectors'
    | 'crm-link'
    | 'crm-holds'
    | 'crm-deliveries']: Handler<K>;
} {
  /** Whom a question is about. @returns undefined when it names a connection that the site has not */
  async function meant(
    site: string,
    id: string | undefined,
  ): Promise<{ which: Which; connection: SiteConnection | undefined } | undefined> {
    const connection = await connections.of(site, id);
    if (!connection && id !== undefined) return undefined;
    // Without any, what was said waits under the one that will be first.
    return { which: { site, id: connection?.id ?? DEFAULT_CRM_CONNECTION }, connection };
  }
  async function lineOf(connection: SiteConnection): Promise<CrmConnectionLine> {
    const [state, counts, { lag95Ms }] = await Promise.all([
      connectionState({ connections, gates, links }, connection),
      waitingOf(links, connection),
      lags.lastDay(connection.key),
    ]);
    return { ...state, connection: connection.id, counts, ...(lag95Ms !== undefined && { lag95Ms }) };
  }
  return {
    'crm-journal': async ({ site, actor }, { connection: id, state, before, limit }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const asked = await meant(site, id);
      if (!asked) return noSuchConnection();
      const { which, connection } = asked;
      const filter: mongo.Filter<StoredLink> = {
        ...linksOf(which),
        ...(state !== 'all' && { state }),
        ...(before !== undefined && { changedAt: { $lt: before } }),
      };
      const found = await links.collection
        .find(filter)
        .sort({ changedAt: -1 })
        .limit(limit + 1)
        .toArray();
      return {
        ok: true,
        ...(connection && { connector: connection.name }),
        rows: found.slice(0, limit).map(rowOf),
        counts: await countsOf(links, which),
        more: found.length > limit,
      };
    },
    'crm-connections': async ({ site, actor }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      return { ok: true, connections: await Promise.all((await connections.ofSite(site)).map(lineOf)) };
    },
    'crm-connectors': async ({ site, actor }, { connection: id }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const one = id !== undefined && connectsCrms(actor) ? await connections.of(site, id) : undefined;
      return { ok: true, connectors: connectorNames().flatMap(formOf), ...(one && standingOf(one)) };
    },
    'crm-connection': async ({ site, actor }, { connection: id }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const asked = await meant(site, id);
      if (!asked) return noSuchConnection();
      const connection = asked.connection && (await connectionState({ connections, gates, links }, asked.connection));
      return { ok: true, ...(connection && { connection }), figures: await figuresOf(links, lags, asked.which) };
    },
    'crm-link': async ({ site, actor }, { connection: id, conversation }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const asked = await meant(site, id);
      if (!asked) return noSuchConnection();
      const link = await links.read(keyOf(asked.which), conversation);
      return { ok: true, ...(link && { row: rowOf(link) }) };
    },
    'crm-deliveries': async ({ site, actor }, { connection: id, conversation }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const asked = await meant(site, id);
      if (!asked) return noSuchConnection();
      const found = await deliveries.list(asked.which, conversation);
      return { ok: true, deliveries: found.map(({ key: _key, ...shown }) => shown) };
    },
    'crm-holds': async ({ site, actor }, { connection: id, conversation }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const connection = await connections.of(site, id);
      if (!connection) return noSuchConnection();
      const link = await links.read(connection.key, conversation);
      if (!link?.record) return { ok: true, notes: [] };
      try {
        const crm = connection.open();
        const records = [...link.parts.map(({ record }) => record), link.record];
        const distinct = records.filter(
          (record, index) => records.findIndex((other) => sameRecord(other, record)) === index,
        );
        const notes = (await Promise.all(distinct.map((record) => crm.listNotes(record)))).flat();
        const ours = notes.flatMap(({ id, text }) => {
          const marker = parsePartMarker(text);
          return marker?.conversation === conversation ? [{ id, part: marker.part, text }] : [];
        });
        return { ok: true, record: recordOf(link.record), notes: ours.sort((a, b) => a.part - b.part) };
      } catch (error) {
        if (!(error instanceof CrmError)) throw error;
        return refuse(error.fault === 'record-gone' ? 'record-gone' : 'crm-unreachable', error.message);
      }
    },
  };
}

const noSuchConnection = () => refuse('connection-missing', 'No such CRM is connected to this site.');
const notForVisitors = () => refuse('not-allowed', 'The CRM’s side is for employees only.');

const recordOf = ({ kind, id, url }: NonNullable<StoredLink['record']>) => ({
  kind,
  id,
  ...(url !== undefined && { url }),
});

function rowOf({
  conversation,
  state,
  contact,
  record,
  parts,
  writtenUpTo,
  wantedUpTo,
  lastPushedAt,
  lagMs,
  failure,
  held,
  choice,
  changedAt,
}: StoredLink): JournalRow {
  return {
    conversation,
    state: state === 'held' || state === 'left' ? 'pending' : state,
    parts: parts.length,
    writtenUpTo,
    wantedUpTo,
    changedAt,
    ...(contact !== undefined && { contact }),
    ...(record && { record: recordOf(record) }),
    ...(record?.refused && { contactRefused: record.refused }),
    ...(lastPushedAt !== undefined && { lastPushedAt }),
    ...(lagMs !== undefined && { lagMs }),
    ...(failure && { failure }),
    ...(failure?.failure === 'ambiguous' &&
      isOpen(choice) && {
        choice: { candidates: choice.candidates, ...(choice.phone !== undefined && { phone: choice.phone }) },
      }),
    ...(state === 'held' && held && { held: held.because }),
  };
}

async function figuresOf({ collection }: Links, lags: Lags, which: Which): Promise<CrmFigures> {
  const behind = { ...linksOf(which), state: { $in: ['pending' as const, 'failed' as const] } };
  const [waiting, oldest, lastDay] = await Promise.all([
    collection.countDocuments(behind),
    collection.findOne(
      { ...behind, behindSince: { $exists: true } },
      { sort: { behindSince: 1 }, projection: { behindSince: 1 } },
    ),
    lags.lastDay(keyOf(which)),
  ]);
  return { waiting, ...(oldest?.behindSince !== undefined && { oldestSince: oldest.behindSince }), ...lastDay };
}

async function countsOf(links: Links, which: Which): Promise<{ pushed: number; pending: number; failed: number }> {
  const pushed = links.collection.countDocuments({ ...linksOf(which), state: 'pushed' });
  return { pushed: await pushed, ...(await waitingOf(links, which)) };
}

async function waitingOf({ collection }: Links, which: Which): Promise<{ pending: number; failed: number }> {
  const count = (state: 'pending' | 'failed') => collection.countDocuments({ ...linksOf(which), state });
  const [pending, failed] = await Promise.all([count('pending'), count('failed')]);
  return { pending, failed };
}

/** Of a connection, for whoever may change it: what its credentials are is told to nobody, only which there are. */
function standingOf({ connector, baseUrl, credentialsAt }: SiteConnection): { baseUrl: string; stored: string[] } {
  return { baseUrl, stored: Object.keys(credentialsAt({ connector: connector.describe.id, baseUrl })) };
}
