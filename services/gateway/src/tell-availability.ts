// Tells visitors who is there, and whoever waits his place in the queue: each hears of his own place only, and only when it has changed.
import type { DeskEvent } from '@continuo/contracts';
import { encode, sendBytes } from './connection.ts';
import type { Gateway } from './gateway.ts';
import type { Visitor } from './hub.ts';

/** Takes over a desk's newest state and tells its visitors what changed for them. */
export function tellDesk(gateway: Gateway, event: DeskEvent): void {
  const { hub, desks } = gateway;
  const { site } = event;
  const waited = desks.deskOf(site)?.queue ?? [];
  if (desks.receive(event)) {
    const bytes = encode({ t: 'availability', ...desks.facesOf(site) });
    for (const visitor of hub.visitorsOfSite(site)) tell(gateway, visitor, bytes);
    return;
  }
  for (const conversation of new Set([...waited, ...(event.data.after.queue ?? [])]))
    for (const visitor of hub.visitorsOf(conversation)) if (visitor.site === site) tellPlace(gateway, visitor);
}

/** His place, if it is another one than he was told. */
export const tellPlace = (gateway: Gateway, visitor: Visitor): void => tell(gateway, visitor, undefined);

/** @param common what everybody is told who does not wait */
function tell({ desks }: Gateway, visitor: Visitor, common: Buffer | undefined): void {
  // Before his welcome is out he is told nothing; what stands then follows it.
  if (visitor.greeting) return;
  const queue = desks.placeOf(visitor.site, visitor.followed?.conversation);
  const place = queue && JSON.stringify(queue);
  if (!common && place === visitor.place) return;
  visitor.place = place;
  const own = (): Buffer => encode({ t: 'availability', ...desks.facesOf(visitor.site), ...(queue && { queue }) });
  sendBytes(visitor.connection, common && !queue ? common : own());
}
