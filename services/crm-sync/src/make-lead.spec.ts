import { expect, test } from '@jest/globals';
import type { Crm } from './connectors/connector.ts';
import { dialogue } from './domain/given-dialogue.ts';
import { type Link, newLink } from './domain/link.ts';
import { wantedOf } from './job.ts';
import { makeLead, TooEarlyError } from './make-lead.ts';
import type { Job } from './perform.ts';

/** A job whose last try began to make a lead a moment ago and never heard of it. */
function interrupted(idempotent: boolean): Job {
  const transcript = dialogue([{ say: 'hello', by: 'visitor' }]);
  let link: Link = { ...newLink(transcript.site, transcript.conversation, 'crm'), making: Date.now() };
  return {
    transcript,
    ...wantedOf(transcript, { site: undefined, way: {}, dialogueUrl: '', takesFacts: false }),
    idempotent,
    crm: {
      upsertLead: async () => ({ kind: 'lead', id: 'made' }),
      openUrl: () => undefined,
    } as Partial<Crm> as Crm,
    lease: {
      link: () => link,
      doubt: () => undefined,
      recheck: () => undefined,
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

test('a lead whose making was not answered is waited for, since it may still appear', async () => {
  await expect(makeLead(interrupted(false))).rejects.toThrow(TooEarlyError);
});

test('where what is sent twice counts once, nobody waits', async () => {
  expect(await makeLead(interrupted(true))).toMatchObject({ record: { id: 'made' }, isNew: true });
});
