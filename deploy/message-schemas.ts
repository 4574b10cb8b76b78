// The messages that the webhook and amqp connectors exchange with a company's systems, as JSON Schema files: from the very schemas that check them here.
import { z } from 'zod';
import { contactChanged } from '../services/crm-sync/src/connectors/amqp/contact-changed.ts';
import { pushMessages } from '../services/crm-sync/src/connectors/push/messages.ts';

/** Path → content. */
export function messageSchemas(): Record<string, string> {
  const messages = { ...pushMessages, 'contact-changed': contactChanged };
  return Object.fromEntries(
    Object.entries(messages).map(([type, schema]) => [
      `docs/schemas/${type}.v1.json`,
      `${JSON.stringify({ title: type, ...z.toJSONSchema(schema) }, null, 2)}\n`,
    ]),
  );
}
