// Who may try a password. Strangers share one allowance of wrong guesses for an account, from however many addresses they come; a browser that has logged in
// to it before has one of its own, so no stranger can keep its owner out (docs/decisions/0007).
import type { IncomingMessage } from 'node:http';
import { clock } from '@continuo/runtime';
import { addressOf } from '../address.ts';
import type { Config } from '../config.ts';
import type { Gateway } from '../gateway.ts';
import { type Allowance, type Allowances, takeAllowed } from './allowances.ts';
import { deviceIn } from './cookie.ts';
import { knownDevice } from './known-device.ts';

export interface Attempts {
  readonly ofAddress: Allowance;
  readonly ofAccount: Allowance;
  readonly guesses: Allowance;
}

const WITHIN_MS = 10 * 60_000;

export const attemptsOf = (config: Config, allowances: Allowances): Attempts => ({
  ofAddress: allowances('address', config.CONTINUO_LIMIT_LOGINS_PER_ADDRESS, WITHIN_MS),
  ofAccount: allowances('account', config.CONTINUO_LIMIT_LOGINS_PER_ACCOUNT, WITHIN_MS),
  guesses: allowances('guesses', config.CONTINUO_LIMIT_GUESSES_PER_ACCOUNT, WITHIN_MS),
});

export interface Attempt {
  /** 0: it may be made now. */
  waitMs: number;
  /** The password was right: it was no guess. */
  succeeded(): Promise<void>;
}

/**
 * @param account the e-mail in lower case, whether it exists or not: the answers must not tell
 * @throws when MongoDB is away
 */
export async function attempt(
  { config, attempts }: Pick<Gateway, 'config' | 'attempts'>,
  request: IncomingMessage,
  account: string,
): Promise<Attempt> {
  const address = addressOf(request, config.CONTINUO_PROXY_HOPS);
  const device = knownDevice(config.CONTINUO_TOKEN_KEY, deviceIn(request.headers.cookie), account, clock.now());
  if (device !== undefined) {
    const waitMs = await takeAllowed([attempts.ofAddress, address], [attempts.ofAccount, `device ${device}`]);
    return { waitMs, async succeeded() {} };
  }
  const waitMs = await takeAllowed(
    [attempts.ofAddress, address],
    [attempts.ofAccount, `${address} ${account}`],
    [attempts.guesses, account],
  );
  return { waitMs, succeeded: () => attempts.guesses.giveBack(account) };
}
