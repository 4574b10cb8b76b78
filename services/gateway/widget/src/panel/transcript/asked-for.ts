// What has become of the visitor's wish to have the dialogue by mail. Pure.
import type { State } from '../../client.ts';

interface Asked {
  /** Where it goes, until somebody writes again. */
  goesTo?: string;
  /** It is still on the device. */
  waits: boolean;
  refused?: { id: string; to: string; refusal: string };
}

export function askedFor({ known: { transcript }, parcels }: Pick<State, 'known' | 'parcels'>): Asked {
  const parcel = parcels.findLast(({ kind }) => kind === 'transcript');
  if (parcel?.kind === 'transcript') {
    const { id, to, refusal } = parcel;
    return refusal === undefined ? { goesTo: to, waits: true } : { waits: false, refused: { id, to, refusal } };
  }
  const last = transcript?.items.findLast(({ kind }) => kind === 'message' || kind === 'transcript-requested');
  return { waits: false, ...(last?.kind === 'transcript-requested' && { goesTo: last.data.email }) };
}
