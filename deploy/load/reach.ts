// What is measured through: the crowd before an installation, an employee's screen, and the raw limit on the same servers.
import type { Place } from './guests.ts';
import { claimShare, startWorker, type Worker } from './worker.ts';

export interface LimitOptions {
  /** Appends are shared. */
  batched: boolean;
  /** Forwarded when the append is acknowledged, before MongoDB has it. */
  early: boolean;
}
export interface RawLimit extends AsyncDisposable {
  readonly port: number;
  readonly gatewayPid: number;
}
export interface Reach {
  place(): Place;
  crowd(): Promise<Worker & AsyncDisposable>;
  rawLimit(options: LimitOptions): Promise<RawLimit>;
  /** Cookie of a logged-in employee. */
  login(): Promise<string>;
}
export interface Servers {
  /** One address or several, separated by commas. */
  natsUrl: string;
  /** Of the identity `admin`. */
  natsPassword: string;
  /** Copies of each stream, the raw limit's as well. */
  replicas: 1 | 3;
  mongoUrl: string;
}

export function reach(
  { natsUrl, natsPassword, replicas, mongoUrl }: Servers,
  place: () => Place,
  employee: { email: string; password: string },
): Reach {
  const servers = {
    NATS_URL: natsUrl,
    NATS_PASSWORD: natsPassword,
    REPLICAS: String(replicas),
    MONGO_URL: mongoUrl,
  };
  return {
    place,
    crowd: async () => {
      const crowd = await startWorker('./crowd.ts');
      claimShare();
      return { ...crowd, [Symbol.asyncDispose]: crowd.stop };
    },
    rawLimit: async ({ batched, early }) => {
      const env = { ...servers, BATCH: batched ? '1' : '0', EARLY: early ? '1' : '0' };
      const store = await startWorker('./limit-store.ts', env);
      const gateway = await startWorker('./limit-gateway.ts', env);
      claimShare();
      return {
        port: await gateway.ask<number>('port'),
        gatewayPid: gateway.pid,
        [Symbol.asyncDispose]: async () => {
          await gateway.stop();
          await store.stop();
        },
      };
    },
    login: async () => {
      const { gateway } = place();
      const answer = await fetch(`${gateway}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-continuo': 'console', origin: gateway },
        body: JSON.stringify(employee),
      });
      if (!answer.ok) throw new Error(`login answered ${answer.status}: ${await answer.text()}`);
      return answer.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
    },
  };
}
