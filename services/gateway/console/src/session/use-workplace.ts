// How views reach the workplace: the store's slices, the product's clock, whether the agent looks at this page.
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ConsoleState } from './console-state.ts';
import { isOnline } from './state.ts';
import { useSelected } from './store.ts';
import type { Workplace } from './workplace.ts';

export const WorkplaceContext = createContext<Workplace | undefined>(undefined);

export function useWorkplace(): Workplace {
  const workplace = useContext(WorkplaceContext);
  if (!workplace) throw new Error('a view of the console stands outside of WorkplaceContext');
  return workplace;
}

export const useConsole = <Slice>(select: (state: ConsoleState) => Slice): Slice =>
  useSelected(useWorkplace().store, select);

/** The product's time, each second anew. All views tick together. */
export function useNow(): number {
  const { now } = useWorkplace();
  useSyncExternalStore(onTick, secondNow);
  return now();
}

/** Whether a visitor is on the site; undefined while that cannot be known. */
export function useOnline(visitor: string | undefined): boolean | undefined {
  useSyncExternalStore(onTick, secondNow);
  return useConsole(({ session }) => isOnline(session, visitor, Date.now()));
}

const ticking = new Set<() => void>();
let ticker: ReturnType<typeof setInterval> | undefined;
const secondNow = (): number => Math.floor(Date.now() / 1000);
function onTick(changed: () => void): () => void {
  ticking.add(changed);
  ticker ??= setInterval(() => {
    for (const tick of ticking) tick();
  }, 1000);
  return () => {
    ticking.delete(changed);
    if (ticking.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  };
}

/** Whether this page is in front of the agent: visible and with the focus. */
export const useAttention = (): boolean => useSyncExternalStore(onAttention, hasAttention);

const hasAttention = (): boolean => document.visibilityState === 'visible' && document.hasFocus();
function onAttention(changed: () => void): () => void {
  addEventListener('focus', changed);
  addEventListener('blur', changed);
  document.addEventListener('visibilitychange', changed);
  return () => {
    removeEventListener('focus', changed);
    removeEventListener('blur', changed);
    document.removeEventListener('visibilitychange', changed);
  };
}
