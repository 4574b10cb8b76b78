// How views reach the workplace: the store's slices, the product's clock, whether the agent looks at this page.
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { ConsoleState } from './console-state.ts';
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

/** The product's time, each second anew. */
export function useNow(): number {
  const { now } = useWorkplace();
  const [time, setTime] = useState(now);
  useEffect(() => {
    const tick = setInterval(() => setTime(now()), 1000);
    return () => clearInterval(tick);
  }, [now]);
  return time;
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
