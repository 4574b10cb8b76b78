// Of the faults contract what concerns a certificate that ends while dialogues are written: it is said, everything waits however long it takes, and goes when there
// is a new one.
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { putSite } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { newAuthority } from './certificates.ts';
import { dialogueIn } from './dialogue.ts';
import type { FaultSet } from './faults-contract.ts';

const DAY_MS = 24 * 3_600_000;

export function certificateFault(set: FaultSet): void {
  test('a certificate that has expired: it is said in the journal, nothing is given up however long it lasts, and with the next one all stands once', async () => {
    const { ground, place, world } = set;
    const authority = newAuthority();
    const ended = { from: new Date(Date.now() - 9 * DAY_MS), until: new Date(Date.now() - DAY_MS) };
    const front = createServer(authority.issue(['127.0.0.1'], ended), (incoming, outgoing) => {
      const { method, url, headers } = incoming;
      const onward = request(new URL(url ?? '/', place.connection.baseUrl), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => void front.listen(0, '127.0.0.1', resolve));
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, authority.cert]);
    try {
      const site = newId();
      await putSite(world.admin, { ...world.site, id: site, crm: { windowSeconds: 1 } });
      const baseUrl = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
      await ground.connections.save({ site, id: 'crm' }, { ...place.connection, baseUrl });
      const dialogue = dialogueIn(world.admin, site);
      for (let tries = 1; tries <= 12; tries++) {
        await dialogue.say(`message ${tries}`);
        await ground.timePasses(site);
        await ground.replica()(site, dialogue.conversation);
        expect(await set.row(dialogue)).toMatchObject({
          state: 'pending',
          failure: {
            failure: 'unreachable',
            words: expect.stringMatching(/certificate.*has expired/),
            retryAt: expect.any(Number),
          },
        });
      }
      front.setSecureContext(authority.issue(['127.0.0.1']));
      await set.expectOnce(dialogue, await set.caughtUp(dialogue));
      expect(await place.leads(dialogue)).toBe(1);
    } finally {
      setDefaultCACertificates(trusted);
      front.close();
      front.closeAllConnections();
    }
  });
}
