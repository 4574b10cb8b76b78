// How a connection stands, for the eye: never colour alone.
import type { IconName } from '../parts/icon.tsx';

export const STANDS = {
  works: { tone: 'ok', icon: 'check', line: '' },
  waiting: { tone: 'warn', icon: 'clock', line: 'wait' },
  stopped: { tone: 'bad', icon: 'warning', line: 'broken' },
  paused: { tone: 'off', icon: 'pause', line: 'off' },
} as const satisfies Record<string, { tone: string; icon: IconName; line: string }>;
