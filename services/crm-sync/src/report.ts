// Tells on the CRM stream what became of a conversation's writes. Reports only: the link record is the truth.
import { append, type Bus, newEvent } from '@continuo/bus';
import { DEFAULT_CRM_CONNECTION } from '@continuo/contracts';
import { deriveId } from '@continuo/runtime';
import type { Link } from './domain/link.ts';

const actor = { kind: 'system', id: 'crm-sync' } as const;

export async function reportWritten(bus: Bus, link: Link, connector: string, cause: string): Promise<void> {
  const { site, conversation, connectionId: connection, record, writtenUpTo, lagMs } = link;
  if (!record || writtenUpTo < 1) return;
  const { kind, id, url, refused } = record;
  const data = {
    connector,
    connection,
    record: { kind, id, ...(url !== undefined && { url }) },
    ...(refused && { contactRefused: refused }),
    upTo: writtenUpTo,
    ...(lagMs !== undefined && { lagMs }),
  };
  const ofConnection = connection === DEFAULT_CRM_CONNECTION ? [] : [connection];
  await append(
    bus,
    // Told again after a crash, it is the same event.
    newEvent('crm-record-written', {
      id: deriveId('crm-record-written', ...ofConnection, conversation, kind, id, String(writtenUpTo)),
      site,
      key: conversation,
      actor,
      cause,
      data,
    }),
    'any',
  );
}

export async function reportFailed(bus: Bus, link: Link, connector: string, cause: string): Promise<void> {
  const { site, conversation, connectionId: connection, failure } = link;
  if (!failure) return;
  const { failure: code, words, retryAt } = failure;
  const data = {
    connector,
    connection,
    failure: code,
    words: words.slice(0, 500),
    ...(retryAt !== undefined && { retryAt }),
  };
  await append(bus, newEvent('crm-write-failed', { site, key: conversation, actor, cause, data }), 'any');
}
