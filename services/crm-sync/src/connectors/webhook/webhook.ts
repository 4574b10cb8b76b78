// Webhooks: every change of a lead or a transcript as one signed POST to an address of the company's own. What a receiver has to do stands in docs/webhook.md.
import { clock } from '@continuo/runtime';
import { z } from 'zod';
import type { ConnectionDetails, Connector, Crm } from '../connector.ts';
import { measured } from '../measured.ts';
import type { PushMessage } from '../push/messages.ts';
import { pushCrm } from '../push/push-crm.ts';
import { post } from './post.ts';
import { secret, signedHeaders } from './signature.ts';

const credentials = z.strictObject({
  secret: secret.describe(
    'Signs every message; the receiver checks it. Make one with: echo whsec_$(openssl rand -base64 32)',
  ),
  previousSecret: secret
    .optional()
    .describe(
      'While the secret is being changed: the old one, which signs as well. Remove it when the receiver has the new one',
    ),
});

export const webhook: Connector = {
  describe: { id: 'webhook', name: 'Webhook', credentials, noteLimit: 60_000, takesFacts: true, idempotent: true },
  open: (connection, signal) => openWebhook(connection, signal),
};

/** @param options a test's own: its clock, and less patience */
export function openWebhook(
  { baseUrl, credentials: given, outbound, push }: ConnectionDetails,
  signal?: AbortSignal,
  { now = clock.now, waitMs }: { now?: () => number; waitMs?: number } = {},
): Crm {
  const { secret: current, previousSecret } = credentials.parse(given);
  const secrets = previousSecret === undefined ? [current] : [current, previousSecret];
  const deliver = async (message: PushMessage): Promise<void> => {
    await outbound.pace?.();
    const body = JSON.stringify(message);
    // Real time, whatever a test does to the product's: a receiver compares it with its own clock.
    const headers = signedHeaders(secrets, message.id, body, Math.floor(Date.now() / 1000));
    await measured({ crm: webhook.describe.name, method: 'POST', template: message.type }, () =>
      post({ url: baseUrl, headers, body, outbound, signal, waitMs }),
    );
    await outbound.worked?.(true);
  };
  return pushCrm(push, { receiver: 'The receiver', deliver }, now);
}
