// Whether a dialogue deserves a record of its own. Whom the CRM knows already gets every dialogue, whatever stands here: the rule only keeps strangers who
// said too little, and spam, from becoming leads. What is held back is written whole as soon as the rule holds. Pure.
import type { CrmLeadRule } from '@continuo/contracts';
import type { Transcript } from '@continuo/transcript';

export type HeldBack = 'spam' | 'few-messages' | 'nobody-answered';
export const NO_RULE: CrmLeadRule = { minimumMessages: 1, humanTookPart: false };

interface Look {
  /** Messages of the visitor. */
  visitors: number;
  human: boolean;
  spam: boolean;
  /** Somebody waits to be called or answered. */
  asks: boolean;
}

/** @returns why no lead is made for it now; undefined when one may be */
export function heldBack(
  { items, contact }: Pick<Transcript, 'items' | 'contact'>,
  rule: CrmLeadRule,
): HeldBack | undefined {
  const { visitors, human, spam, asks } = look({ items, contact });
  if (spam) return 'spam';
  // Somebody waits to be called or answered: that is never noise.
  if (asks) return undefined;
  if (visitors < rule.minimumMessages) return 'few-messages';
  return rule.humanTookPart && !human ? 'nobody-answered' : undefined;
}

/** Whether a dialogue is worth a deal besides. Nobody's wish to be called makes one: a deal counts in the company's forecast. */
export function deservesDeal(transcript: Pick<Transcript, 'items' | 'contact'>, rule: CrmLeadRule): boolean {
  const { visitors, human, spam } = look(transcript);
  return !spam && visitors >= rule.minimumMessages && (human || !rule.humanTookPart);
}

/** Somebody waits to be called or answered. */
export const asksForSomebody = (transcript: Pick<Transcript, 'items' | 'contact'>): boolean => look(transcript).asks;

function look({ items, contact }: Pick<Transcript, 'items' | 'contact'>): Look {
  let visitors = 0;
  let human = false;
  let spam = false;
  let asks = false;
  const reachable = contact.email !== undefined || contact.phone !== undefined;
  for (const item of items)
    switch (item.kind) {
      case 'message':
        if (item.author.kind === 'visitor') visitors += 1;
        // Who answers after the mark takes it back.
        if (item.author.kind === 'agent') [human, spam] = [true, false];
        if (item.offline) asks = true;
        break;
      case 'callback-requested':
        asks = true;
        break;
      case 'conversation-missed':
        if (reachable) asks = true;
        break;
      case 'closed':
        if (item.reason === 'spam') spam = true;
        break;
      default:
    }
  return { visitors, human, spam, asks };
}
