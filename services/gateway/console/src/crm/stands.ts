// How a connection stands, for the eye: never colour alone.
import type { CrmConnectionState } from '@continuo/contracts';
import type { Spoken } from '../locales/use-texts.ts';
import type { IconName } from '../parts/icon.tsx';

export const STANDS = {
  works: { tone: 'ok', icon: 'check', line: '' },
  waiting: { tone: 'warn', icon: 'clock', line: 'wait' },
  stopped: { tone: 'bad', icon: 'warning', line: 'broken' },
  paused: { tone: 'off', icon: 'pause', line: 'off' },
} as const satisfies Record<string, { tone: string; icon: IconName; line: string }>;

/** A key that was refused once or twice is told at once, and not that something waits. */
export const standsWords = (
  { state, failure }: Pick<CrmConnectionState, 'state'> & { failure?: CrmConnectionState['failure'] | undefined },
  t: Spoken['t'],
): string => (state === 'waiting' && failure === 'refused-access' ? t.crm.connections.signIn : t.crm.stands[state]);
