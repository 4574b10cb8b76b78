// What is known of each site's desk, from the desk's own events: the whole of it for agents, availability and faces for visitors.
// No query, so a thousand visitors coming at once cost the conversation service nothing.
import type { Settings } from '@continuo/bus';
import type { AgentRef, Availability, DeskEvent, DeskSummary } from '@continuo/contracts';
import { watchGauge } from '@continuo/telemetry';

const MOST_FACES = 3;
const AVAILABILITIES: readonly Availability[] = ['free', 'busy', 'away', 'offline'];

export interface Faces {
  availability: Availability;
  agents: AgentRef[];
}
/** How many are served up to and with a dialogue, and how long that takes as the queue went lately. */
export interface Place {
  place: number;
  waitMs?: number;
}
export type Desks = ReturnType<typeof makeDesks>;

export function makeDesks(settings: Settings) {
  const desks = new Map<string, DeskSummary>();
  const told = new Map<string, string>();

  const facesOf = (site: string): Faces => {
    const desk = desks.get(site);
    const online = desk?.agents.filter(({ state }) => state === 'online') ?? [];
    const agents = online.slice(0, MOST_FACES).flatMap(({ id }) => {
      const agent = settings.agent(site, id);
      return agent ? [{ id, name: agent.name, ...(agent.photo !== undefined && { photo: agent.photo }) }] : [];
    });
    return { availability: desk?.availability ?? 'offline', agents };
  };

  watchGauge('continuo.desk.waiting', () => {
    const waiting = [...desks.values()].reduce((sum, desk) => sum + desk.waiting, 0);
    return [{ value: waiting, labels: {} }];
  });
  watchGauge('continuo.desk.sites', () =>
    AVAILABILITIES.map((one) => ({
      value: [...desks.values()].filter((desk) => desk.availability === one).length,
      labels: { availability: one },
    })),
  );

  return {
    deskOf: (site: string): DeskSummary | undefined => desks.get(site),
    facesOf,
    /** The place of a dialogue that waits while all are busy. Who waits for somebody to come at all is told no number: it would mean nothing. */
    placeOf(site: string, conversation: string | undefined): Place | undefined {
      const { availability, queue = [], turnMs } = desks.get(site) ?? {};
      const place = availability === 'busy' && conversation !== undefined ? queue.indexOf(conversation) + 1 : 0;
      if (place === 0) return undefined;
      return { place, ...(turnMs !== undefined && { waitMs: place * turnMs }) };
    },
    /** Keeps the newest state. @returns whether visitors would see a difference */
    receive(event: DeskEvent): boolean {
      desks.set(event.site, event.data.after);
      const faces = JSON.stringify(facesOf(event.site));
      if (told.get(event.site) === faces) return false;
      told.set(event.site, faces);
      return true;
    },
  };
}
