// What has become of a survey: what is stored counts before what is on the device. Pure.
import type { SurveyAnswer } from '@continuo/contracts';
import type { State } from '../../client.ts';
import type { Parcel } from '../../outbox.ts';

export interface Outcome {
  /** As everybody knows it. */
  stored?: readonly SurveyAnswer[];
  /** On its way, or refused. */
  parcel?: Extract<Parcel, { kind: 'survey' }>;
}

/** @param message number of the message with the survey */
export function outcomeOf(message: number, { known, parcels }: Pick<State, 'known' | 'parcels'>): Outcome {
  const item = known.transcript?.items.find((one) => one.kind === 'survey-answered' && one.data.message === message);
  const parcel = parcels.find((one) => one.kind === 'survey' && one.said.message === message);
  return {
    ...(item?.kind === 'survey-answered' && { stored: item.data.answers }),
    ...(parcel?.kind === 'survey' && { parcel }),
  };
}
