import { expect, test } from '@jest/globals';
import { dialogue } from './domain/given-dialogue.ts';
import { jobOn } from './given-job.ts';
import { makeLead, TooEarlyError } from './make-lead.ts';

/** A job whose last try began to make a lead a moment ago and never heard of it. */
const interrupted = (idempotent: boolean) => ({
  ...jobOn(dialogue([{ say: 'hello', by: 'visitor' }]), {
    crm: { upsertLead: async () => ({ kind: 'lead', id: 'made' }), openUrl: () => undefined },
    link: { making: Date.now() },
  }),
  idempotent,
});

test('a lead whose making was not answered is waited for, since it may still appear', async () => {
  await expect(makeLead(interrupted(false))).rejects.toThrow(TooEarlyError);
});

test('where what is sent twice counts once, nobody waits', async () => {
  expect(await makeLead(interrupted(true))).toMatchObject({ record: { id: 'made' }, isNew: true });
});
