// Who may try a password. Strangers share one allowance of wrong guesses for an account, from however many addresses they come; a browser that has logged in
// to it before has one of its own, so no stranger can keep its owner out (docs/decisions/0007).
import type { IncomingMessage } from 'node:http';
import { clock } from '@continuo/runtime';
import { addressOf } from '../address.ts';
import type { Gateway } from '../gateway.ts';
import { takeAll } from '../limits.ts';
import { deviceIn } from './cookie.ts';
import { knownDevice } from './known-device.ts';

export interface Attempt {
  /** 0: it may be made now. */
  waitMs: number;
  /** The password was right: it was no guess. */
  succeeded(): void;
}

/** @param account the e-mail in lower case, whether it exists or not: the answers must not tell */
export function attempt(
  { config, limits }: Pick<Gateway, 'config' | 'limits'>,
  request: IncomingMessage,
  account: string,
): Attempt {
  const address = addressOf(request, config.CONTINUO_PROXY_HOPS);
  const device = knownDevice(config.CONTINUO_TOKEN_KEY, deviceIn(request.headers.cookie), account, clock.now());
  if (device !== undefined) {
    const waitMs = takeAll([limits.loginsOfAddress, address], [limits.loginsOfAccount, `device ${device}`]);
    return { waitMs, succeeded() {} };
  }
  const waitMs = takeAll(
    [limits.loginsOfAddress, address],
    [limits.loginsOfAccount, `${address} ${account}`],
    [limits.guessesOfAccount, account],
  );
  return { waitMs, succeeded: () => limits.guessesOfAccount.giveBack(account) };
}
