// Which of the site's CRMs the page is about: what is known of it, and the desk that speaks to it and to no other.
import { createContext, useContext } from 'react';
import { useConsole, useWorkplace } from '../session/use-workplace.ts';
import type { CrmDesk } from './asking.ts';
import { crmOf } from './connections.ts';
import type { CrmState } from './state.ts';

/** Its id; undefined: the first, whichever that is. */
export const ShownCrm = createContext<string | undefined>(undefined);

export const useShownId = (): string | undefined => useContext(ShownCrm);

/** For addresses of this page. */
export function useWhich(): { connection?: string } {
  const id = useShownId();
  return id === undefined ? {} : { connection: id };
}

export function useCrmDesk(): CrmDesk {
  return useWorkplace().crmOf(useShownId());
}

export function useCrm<Slice>(select: (crm: CrmState) => Slice): Slice {
  const id = useShownId();
  return useConsole((state) => select(crmOf(state.crms, id)));
}
