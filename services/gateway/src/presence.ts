// Which visitors are on line, over all gateways: each says who came and who went, and says everybody it holds again every 20 s.
// Only gateways with agents of a site listen for it. A visitor is gone when every gateway that had him said so or fell silent.
import type { Bus } from '@continuo/bus';
import { sendSignal } from '@continuo/bus';
import { newId, type SignalData } from '@continuo/contracts';

const ANNOUNCE_EVERY_MS = 20_000;
const FORGET_AFTER_MS = 45_000;
/** A visitor who opens the next page is away for a moment; that is no going. */
const GRACE_MS = 5_000;
const IDS_AT_ONCE = 1_000;

type Said = SignalData<'visitors-here'>;
export interface Presence {
  came(site: string, visitor: string): void;
  left(site: string, visitor: string): void;
  /** The first agent of a site is here: ask who is on line. */
  watch(site: string): void;
  unwatch(site: string): void;
  online(site: string): Iterable<string>;
  hear(site: string, said: Said): void;
  /** Called every few seconds. */
  tick(): void;
}

/** The rules alone, over a way to say something and a clock of real time. */
export function presenceOver(
  say: (site: string, said: Said) => void,
  show: (site: string, visitor: string, online: boolean) => void,
  { now, gateway }: { now: () => number; gateway: string },
): Presence {
  /** Own visitors; the value is when the last socket left, or undefined while there is one. */
  const here = new Map<string, Map<string, number | undefined>>();
  /** Per watched site and visitor: when each gateway last said that it has him. */
  const known = new Map<string, Map<string, Map<string, number>>>();
  let announcedAt = now();

  const announce = (site: string): void => {
    const all = [...(here.get(site)?.keys() ?? [])];
    for (let from = 0; from < all.length; from += IDS_AT_ONCE)
      say(site, { gateway, came: all.slice(from, from + IDS_AT_ONCE), gone: [] });
  };
  const forget = (site: string, visitors: Map<string, Map<string, number>>, visitor: string, of: string): void => {
    const gateways = visitors.get(visitor);
    if (!gateways?.delete(of) || gateways.size > 0) return;
    visitors.delete(visitor);
    show(site, visitor, false);
  };
  const partWithGone = (site: string, visitors: Map<string, number | undefined>): void => {
    const gone = [...visitors].flatMap(([id, leftAt]) =>
      leftAt !== undefined && now() - leftAt > GRACE_MS ? [id] : [],
    );
    for (const id of gone) visitors.delete(id);
    if (visitors.size === 0) here.delete(site);
    for (let from = 0; from < gone.length; from += IDS_AT_ONCE)
      say(site, { gateway, came: [], gone: gone.slice(from, from + IDS_AT_ONCE) });
  };

  return {
    came(site, visitor) {
      const visitors = here.get(site) ?? new Map<string, number | undefined>();
      here.set(site, visitors);
      const isNew = !visitors.has(visitor);
      visitors.set(visitor, undefined);
      if (isNew) say(site, { gateway, came: [visitor], gone: [] });
    },
    left(site, visitor) {
      const visitors = here.get(site);
      if (visitors?.has(visitor)) visitors.set(visitor, now());
    },
    watch(site) {
      if (known.has(site)) return;
      known.set(site, new Map());
      say(site, { gateway, came: [], gone: [], asks: true });
    },
    unwatch: (site) => void known.delete(site),
    online: (site) => known.get(site)?.keys() ?? [],
    hear(site, said) {
      if (said.asks) announce(site);
      const visitors = known.get(site);
      if (!visitors) return;
      for (const visitor of said.came) {
        const gateways = visitors.get(visitor);
        if (gateways) gateways.set(said.gateway, now());
        else {
          visitors.set(visitor, new Map([[said.gateway, now()]]));
          show(site, visitor, true);
        }
      }
      for (const visitor of said.gone) forget(site, visitors, visitor, said.gateway);
    },
    tick() {
      for (const [site, visitors] of here) partWithGone(site, visitors);
      if (now() - announcedAt >= ANNOUNCE_EVERY_MS) {
        announcedAt = now();
        for (const site of here.keys()) announce(site);
      }
      for (const [site, visitors] of known)
        for (const [visitor, gateways] of visitors)
          for (const [of, saidAt] of gateways)
            if (now() - saidAt > FORGET_AFTER_MS) forget(site, visitors, visitor, of);
    },
  };
}

/** Presence over the bus. While NATS is away nobody is forgotten, since nobody could say anything. */
export function openPresence(
  bus: Bus,
  show: (site: string, visitor: string, online: boolean) => void,
): Presence & Disposable {
  let away = 0;
  let lostAt: number | undefined;
  const now = () => (lostAt ?? performance.now()) - away;
  const gateway = newId();
  const presence = presenceOver((site, said) => sendSignal(bus, 'visitors-here', site, gateway, said), show, {
    now,
    gateway,
  });
  const stop = bus.onStatus((up) => {
    if (!up) lostAt ??= performance.now();
    else if (lostAt !== undefined) {
      away += performance.now() - lostAt;
      lostAt = undefined;
    }
  });
  return { ...presence, [Symbol.dispose]: stop };
}
