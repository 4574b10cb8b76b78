// By which button the visitor has answered a card: what is on the device counts like what is stored, so that nobody answers twice on a lost network.
import type { PressedButton } from '@continuo/contracts';
import type { State } from '../../client.ts';

/** @param message number of the message with the card */
export function chosenOn(message: number, { known, parcels }: Pick<State, 'known' | 'parcels'>): number | undefined {
  const said = [...(known.transcript?.items ?? []), ...parcels.filter(({ refusal }) => refusal === undefined)];
  return said
    .map((one) => ('pressed' in one ? (one.pressed as PressedButton) : undefined))
    .findLast((pressed) => pressed?.message === message)?.button;
}
