// The journal page: the link records as rows, and what the CRM itself holds of a conversation.
import { refuse } from '@continuo/bus';
import type { CrmFigures, Envelope, JournalRow, QueryAsk, QueryName, QueryReply } from '@continuo/contracts';
import type { mongo } from 'mongoose';
import { connectionState } from './connection-state.ts';
import type { Connections } from './connections.ts';
import { CrmError } from './connectors/crm-error.ts';
import type { Deliveries } from './connectors/push/deliveries.ts';
import { isOpen } from './domain/choice.ts';
import { sameRecord } from './domain/link.ts';
import { parsePartMarker } from './domain/note.ts';
import type { Gates } from './gate.ts';
import type { Lags } from './lag.ts';
import type { Links, StoredLink } from './links.ts';

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
  [K in 'crm-journal' | 'crm-connection' | 'crm-link' | 'crm-holds' | 'crm-deliveries']: Handler<K>;
} {
  return {
    'crm-journal': async ({ site, actor }, { state, before, limit }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const filter: mongo.Filter<StoredLink> = {
        site,
        ...(state !== 'all' && { state }),
        ...(before !== undefined && { changedAt: { $lt: before } }),
      };
      const found = await links.collection
        .find(filter)
        .sort({ changedAt: -1 })
        .limit(limit + 1)
        .toArray();
      const connection = await connections.of(site);
      return {
        ok: true,
        ...(connection && { connector: connection.connector.describe.name }),
        rows: found.slice(0, limit).map(rowOf),
        counts: await countsOf(links, site),
        more: found.length > limit,
      };
    },
    'crm-connection': async ({ site, actor }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const connection = await connectionState({ connections, gates, links }, site);
      return { ok: true, ...(connection && { connection }), figures: await figuresOf(links, lags, site) };
    },
    'crm-link': async ({ site, actor }, { conversation }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const link = await links.read(site, conversation);
      return { ok: true, ...(link && { row: rowOf(link) }) };
    },
    'crm-deliveries': async ({ site, actor }, { conversation }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const found = await deliveries.list(site, conversation);
      return { ok: true, deliveries: found.map(({ key: _key, ...shown }) => shown) };
    },
    'crm-holds': async ({ site, actor }, { conversation }) => {
      if (actor.kind === 'visitor') return notForVisitors();
      const connection = await connections.of(site);
      if (!connection) return refuse('connection-missing', 'No CRM is connected to this site.');
      const link = await links.read(site, conversation);
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
    state: state === 'held' ? 'pending' : state,
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

async function figuresOf({ collection }: Links, lags: Lags, site: string): Promise<CrmFigures> {
  const behind = { site, state: { $in: ['pending' as const, 'failed' as const] } };
  const [waiting, oldest, lastDay] = await Promise.all([
    collection.countDocuments(behind),
    collection.findOne(
      { ...behind, behindSince: { $exists: true } },
      { sort: { behindSince: 1 }, projection: { behindSince: 1 } },
    ),
    lags.lastDay(site),
  ]);
  return { waiting, ...(oldest?.behindSince !== undefined && { oldestSince: oldest.behindSince }), ...lastDay };
}

async function countsOf(
  { collection }: Links,
  site: string,
): Promise<{ pushed: number; pending: number; failed: number }> {
  const count = (state: StoredLink['state']) => collection.countDocuments({ site, state });
  const [pushed, pending, failed] = await Promise.all([count('pushed'), count('pending'), count('failed')]);
  return { pushed, pending, failed };
}
