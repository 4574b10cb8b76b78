// Deals in BottleCRM: opportunities. They hang on contacts alone, not on leads, and no two have one name: so the marker at the end of the name makes a double
// impossible. A new one lands in the first open stage of the default pipeline.
import type { RecordRef } from '../domain/link.ts';
import { deals, made } from './bottlecrm-shapes.ts';
import type { Deal } from './connector.ts';
import type { Http } from './http.ts';

const NAME_LIMIT = 255;
const PAGE = 50;

export async function findDeals(http: Http, marker: string): Promise<string[]> {
  const { opportunities } = await http.get('/api/opportunities/', deals, { name: marker, limit: PAGE });
  return opportunities
    .filter(({ name }) => name.endsWith(marker))
    .sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id))
    .map(({ id }) => id);
}

export async function createDeal(http: Http, record: RecordRef, { title, text, marker }: Deal): Promise<string> {
  const deal = {
    name: `${title.slice(0, NAME_LIMIT - marker.length - 1).toWellFormed()} ${marker}`,
    description: text,
    ...(record.kind === 'contact' && { contacts: [record.id] }),
  };
  return (await http.send('POST', '/api/opportunities/', deal, made)).id;
}
