// The webhook connector under faults.
import { faultsContract } from './faults-contract.ts';
import { DAYS_OF_A_RECEIVER, webhookPlace } from './faults-places.ts';
import { failingRecordFault, pushFaults } from './faults-push.ts';

faultsContract({
  name: 'Webhook',
  days: DAYS_OF_A_RECEIVER,
  open: webhookPlace,
  withRecords: false,
  refusesRecords: true,
  more: (set) => {
    pushFaults(set);
    failingRecordFault(set);
  },
});
