// Which command goes to the gateway next for what lies in the outbox. One at a time, so that the order of the words is the order of
// their numbers whatever the network does.
import type { VisitorFrame } from '@continuo/contracts/frames';
import type { Parcel } from './outbox.ts';

export type CommandFrame = Extract<VisitorFrame, { t: 'command' }>;

export function nextCommand(
  parcels: readonly Parcel[],
  context: { conversation?: string | undefined; language: string },
): CommandFrame | undefined {
  const { conversation, language } = context;
  for (const parcel of parcels) {
    if (parcel.refusal !== undefined || parcel.kind === 'upload') continue;
    const command = (name: CommandFrame['name'], data: Record<string, unknown>): CommandFrame => ({
      t: 'command',
      id: parcel.id,
      name,
      data,
    });
    const opening = { language, ...(parcel.page && { page: parcel.page }) };
    const there = conversation && { conversation };
    if (parcel.kind === 'offline') {
      const { text, email, phone } = parcel;
      return command('leave-offline-message', { ...there, text, email, ...phone, ...opening });
    }
    if (parcel.kind === 'callback') return command('request-callback', { ...there, ...parcel.call, ...opening });
    if (parcel.kind !== 'message') {
      // It belongs to a conversation; until there is one it waits behind the first message.
      if (conversation) return command(...aboutIt(parcel, conversation));
      continue;
    }
    const { text, files, pressed } = parcel;
    const words = { text, ...(files && { files }), ...(pressed && { pressed }) };
    return conversation
      ? command('send-message', { conversation, ...words, from: 'widget' })
      : command('start-conversation', { ...words, ...opening });
  }
  return undefined;
}

function aboutIt(
  parcel: Extract<Parcel, { kind: 'email' | 'transcript' | 'rating' | 'survey' }>,
  conversation: string,
): [CommandFrame['name'], Record<string, unknown>] {
  if (parcel.kind === 'email') return ['identify-contact', { conversation, email: parcel.email, ...parcel.phone }];
  if (parcel.kind === 'transcript') return ['request-transcript', { conversation, email: parcel.to }];
  if (parcel.kind === 'survey') return ['answer-survey', { conversation, ...parcel.said }];
  const { score, comment } = parcel;
  return ['rate', { conversation, score, ...(comment && { comment }) }];
}
