// The built-in connector under faults, on the real BottleCRM.
import { faultsContract } from './faults-contract.ts';
import { bottlecrmPlace, DAYS_OF_HTTP } from './faults-places.ts';
import { certificateFault } from './faults-tls.ts';

faultsContract({
  name: 'BottleCRM',
  days: DAYS_OF_HTTP,
  open: () => bottlecrmPlace('bottlecrm'),
  withRecords: true,
  refusesRecords: true,
  more: certificateFault,
});
