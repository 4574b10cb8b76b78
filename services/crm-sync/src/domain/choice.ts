// Several people in the CRM fit a visitor equally well: nobody guesses. Somebody who runs the CRM chooses one of them, or a new lead. Nobody is waited for
// without end: after a day, or an hour when somebody is to be called or answered, a new lead it is. Pure.
import { type RecordRef, sameRecord } from './link.ts';

/** Somebody whom the CRM knows and who may be the visitor. */
export interface Candidate extends RecordRef {
  url?: string;
  name?: string;
  email?: string;
  phone?: string;
}
export interface Choice {
  /** By what they were found, as one comparable string: who gives another phone is looked for anew. */
  about: string;
  phone?: string;
  candidates: Candidate[];
  since: number;
  until: number;
  /** It became a new lead, and nobody is asked again. */
  settled?: true;
}
/** What a person chose: one of the candidates, or, without a record, a new lead. */
export interface Chosen {
  about: string;
  /** Which CRM it was said of. */
  connection: string;
  record?: RecordRef;
  by: string;
  at: number;
}
export type Decision =
  | { do: 'take'; record: RecordRef }
  | { do: 'wait'; choice: Choice }
  /** `chosen`: by a person, whatever the site's rule says of new leads. */
  | { do: 'new-lead'; choice: Choice; chosen: boolean };

export const MOST_CANDIDATES = 20;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Whose record it is: by e-mail, phone and external id, not by name. */
export const aboutOf = ({
  email = '',
  phone = '',
  externalId = '',
}: {
  email?: string | undefined;
  phone?: string | undefined;
  externalId?: string | undefined;
}): string => JSON.stringify([email.toLowerCase(), phone, externalId]);

/** @param asks somebody is to be called or answered */
export function decide(
  contact: Parameters<typeof aboutOf>[0],
  candidates: readonly Candidate[],
  { known, chosen, asks, now }: { known: Choice | undefined; chosen: Chosen | undefined; asks: boolean; now: number },
): Decision {
  const about = aboutOf(contact);
  const before = known?.about === about ? known : undefined;
  const since = before?.since ?? now;
  const choice: Choice = {
    about,
    ...(contact.phone !== undefined && { phone: contact.phone }),
    candidates: candidates.slice(0, MOST_CANDIDATES),
    since,
    until: since + (asks ? HOUR_MS : DAY_MS),
  };
  const settled = (by: boolean): Decision => ({ do: 'new-lead', choice: { ...choice, settled: true }, chosen: by });
  if (before?.settled) return settled(false);
  if (chosen?.about === about) {
    const { record } = chosen;
    if (!record) return settled(true);
    // Somebody may have deleted or merged them since they were shown.
    if (candidates.some((one) => sameRecord(one, record))) return { do: 'take', record };
  }
  return now >= choice.until ? settled(false) : { do: 'wait', choice };
}

/** A person has to choose. */
export const isOpen = (choice: Choice | undefined): choice is Choice => choice !== undefined && !choice.settled;
