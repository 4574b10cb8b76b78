// A connector that is nothing but a mapping file under faults, on the real BottleCRM.
import { faultsContract } from './faults-contract.ts';
import { bottlecrmPlace, DAYS_OF_HTTP } from './faults-places.ts';

faultsContract({
  name: 'BottleCRM by its mapping file',
  days: DAYS_OF_HTTP,
  open: () => bottlecrmPlace('bottlecrm-mapping'),
  withRecords: true,
  refusesRecords: true,
});
