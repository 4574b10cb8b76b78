// Every subject on the bus while people attack: what the catalogue knows, with an id of the site where an id stands, and nothing else.
import type { Bus } from '@continuo/bus';
import { commands, consumers, queries, signals } from '@continuo/contracts';

const ID = '[0-9a-z]{22}';

export interface SubjectsSaid {
  /** Those that nobody who is honest says. */
  strange(): string[];
  readonly count: () => number;
}

/** @param sites whose subjects may occur */
export async function listen({ nc }: Bus, sites: readonly string[]): Promise<SubjectsSaid> {
  const site = `(${sites.join('|')})`;
  const stored = `((conversation|tracking|crm|mail)\\.${site}\\.${ID}|desk\\.${site}|parked\\.[a-z-]+\\.[a-z-]+\\.[0-9a-z-]+)`;
  const known = [
    ...Object.entries(commands).map(([name, { owner }]) => `command\\.${owner}\\.${name}`),
    ...Object.entries(queries).map(([name, { owner }]) => `query\\.${owner}\\.${name}`),
    ...Object.keys(consumers).map((name) => `dead-letter\\.(replay|discard)\\.${name}`),
    ...Object.keys(signals).map((name) => `signal\\.${name}\\.${site}\\.${ID}`),
    stored,
    'timer\\.(set|cancel|due)\\.[a-z-]+\\.[a-z-]+\\.[0-9a-z-]+',
    `\\$KV\\.presence\\.agent\\.${site}\\.${ID}\\.${ID}`,
    '_INBOX_[a-z-]+\\.[0-9A-Za-z.]+',
    // Of JetStream's own requests only reading names a subject.
    `\\$JS\\.API\\.DIRECT\\.GET\\.[A-Z_a-z]+(\\.(${stored}|\\$KV\\.[0-9a-z.-]+))?`,
    '\\$JS\\.(API\\.(?!DIRECT)|ACK\\.|FC\\.|EVENT\\.)[\\w.$-]+',
    // The gateway's watch of the leases begins anew when the machine kept its heartbeats waiting.
    '\\$JS\\.API\\.CONSUMER\\.CREATE\\.KV_presence\\.\\w+\\.\\$KV\\.presence\\.>',
  ].map((pattern) => new RegExp(`^${pattern}$`));
  const seen = new Set<string>();
  nc.subscribe('>', { callback: (_error, { subject }) => void seen.add(subject) });
  await nc.flush();
  return {
    strange: () => [...seen].filter((subject) => !known.some((one) => one.test(subject))),
    count: () => seen.size,
  };
}
