import { describe, expect, test } from '@jest/globals';
import type { Crm, Lead } from './connectors/connector.ts';
import { CrmError } from './connectors/crm-error.ts';
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

describe('a contact that the CRM does not take', () => {
  const words = 'BottleCRM does not accept what was sent (400).';
  const contact = { name: 'Olga', email: 'olga@example.com' };
  const known = dialogue([{ say: 'hello', by: 'visitor' }], { contact });
  const refusing = (fault: 'invalid' | 'taken', crm: Partial<Crm> = {}) => {
    const sent: Lead[] = [];
    const upsertLead = async (lead: Lead) => {
      sent.push(lead);
      if (lead.contact.email) throw new CrmError(fault, words);
      return { kind: 'lead' as const, id: 'made' };
    };
    return { sent, crm: { upsertLead, openUrl: () => undefined, findContact: async () => undefined, ...crm } };
  };

  test('is left out of its lead, which names nobody then, and the link keeps what the CRM said', async () => {
    const { crm, sent } = refusing('invalid');
    const { record } = await makeLead(jobOn(known, { crm }));
    expect(record).toMatchObject({ anonymous: true, refused: { because: 'invalid', words, at: 0 } });
    expect(sent.at(-1)).toMatchObject({ contact: {}, description: expect.stringContaining('olga@example.com') });
  });

  test('because somebody has the e-mail whom it does not show to us: then it is the rights that are to be looked at', async () => {
    const { record } = await makeLead(jobOn(known, { crm: refusing('taken').crm }));
    expect(record.refused).toMatchObject({ because: 'taken', words: expect.stringMatching(/rights of the token/) });
    const several = { candidates: ['1', '2'].map((id) => ({ kind: 'contact' as const, id })) };
    const shown = refusing('taken', { findContact: async () => several });
    expect((await makeLead(jobOn(known, { crm: shown.crm }))).record.refused?.words).toBe(words);
  });

  test('and one that it takes leaves nothing behind', async () => {
    const { crm } = refusing('invalid', { upsertLead: async () => ({ kind: 'lead', id: 'made' }) });
    expect((await makeLead(jobOn(known, { crm }))).record).not.toHaveProperty('refused');
  });
});
