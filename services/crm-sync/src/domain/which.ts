// One of the CRMs that a site is connected to, and the key of all that belongs to it: gate, bucket, locks, links, delivery log, timers. No two connections share
// any of these, so one that is dead, slow or paused is nothing to its neighbour. The connection that was made without an id has the site's own id as its key, as
// all data had when a site could have one only: so it needs no new keys, and receivers see no new ids.
import { DEFAULT_CRM_CONNECTION } from '@continuo/contracts';

export interface Which {
  site: string;
  id: string;
}

const SITE_LENGTH = 22;

export const keyOf = ({ site, id }: Which): string => (id === DEFAULT_CRM_CONNECTION ? site : `${site}-${id}`);

/** @param key of a real site: its id has a fixed length */
export const whichOf = (key: string): Which => ({
  site: key.slice(0, SITE_LENGTH),
  id: key.slice(SITE_LENGTH + 1) || DEFAULT_CRM_CONNECTION,
});
