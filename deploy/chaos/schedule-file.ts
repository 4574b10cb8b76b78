// A schedule as lines, one fault on each: as a run prints it, and as a hand may shorten it.
import { OptionFault } from './options.ts';
import { type Fault, isServer, TARGETS, type Target } from './schedule.ts';

const EXAMPLE = '900 ms SIGSTOP nats-server 3 for 500 ms, meanwhile SIGKILL gateway 1';
const SERVICES = TARGETS.filter((target) => !isServer(target));
const LINE = new RegExp(
  `^(\\d+) ms (?:(SIGKILL|SIGSTOP) (${TARGETS.join('|')})|(step-down) (mongod)) (\\d+) for (\\d+) ms(?:, meanwhile SIGKILL (${SERVICES.join('|')}) (\\d+))?$`,
);

export const inWords = ({ at, how, target, replica, holdMs, meanwhile }: Fault): string =>
  `${at} ms ${how} ${target} ${replica} for ${holdMs} ms${
    meanwhile ? `, meanwhile SIGKILL ${meanwhile.target} ${meanwhile.replica}` : ''
  }`;

/** Empty lines and those that begin with # are left out. */
export function scheduleFrom(text: string): Fault[] {
  const faults = text.split('\n').flatMap((raw, index): Fault[] => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const found = LINE.exec(line);
    const victim = found?.[8] as NonNullable<Fault['meanwhile']>['target'] | undefined;
    const target = (found?.[3] ?? found?.[5]) as Target;
    // Only while a server is away is another process killed.
    if (!found || (victim && !isServer(target)))
      throw new OptionFault(
        `line ${index + 1} of the schedule, ${JSON.stringify(line)}, is no fault; one reads "${EXAMPLE}"`,
      );
    return [
      {
        at: Number(found[1]),
        target,
        replica: Number(found[6]),
        how: (found[2] ?? found[4]) as Fault['how'],
        holdMs: Number(found[7]),
        ...(victim && { meanwhile: { target: victim, replica: Number(found[9]) } }),
      },
    ];
  });
  if (faults.length === 0) throw new OptionFault('the schedule has no fault');
  return faults.toSorted((a, b) => a.at - b.at);
}
