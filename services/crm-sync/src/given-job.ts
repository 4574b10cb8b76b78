// A job for tests, without a store or a CRM: what the CRM can do is handed in.
import type { Transcript } from '@continuo/transcript';
import type { Crm } from './connectors/connector.ts';
import { type Link, newLink } from './domain/link.ts';
import { wantedOf } from './job.ts';
import type { Job } from './perform.ts';

export function jobOn(
  transcript: Transcript,
  { crm, link: more = {}, recheck }: { crm: Partial<Crm>; link?: Partial<Link>; recheck?: number },
): Job {
  let link: Link = { ...newLink(transcript.site, transcript.conversation, 'crm'), ...more };
  return {
    transcript,
    ...wantedOf(transcript, { site: undefined, way: {}, dialogueUrl: '', takesFacts: false }),
    idempotent: false,
    crm: crm as Crm,
    lease: {
      link: () => link,
      doubt: () => undefined,
      recheck: () => recheck,
      chosen: () => undefined,
      save: async (next) => {
        link = next;
      },
      confirm: async () => {},
      renew: async () => {},
      release: async () => {},
    },
    room: 1_000,
    now: () => 0,
    raiseDoubt: async () => {},
    isLinked: async () => false,
  };
}
