// The webhook connector under faults.
import { faultsContract } from './faults-contract.ts';
import { DAYS_OF_A_RECEIVER, webhookPlace } from './faults-places.ts';

faultsContract('Webhook', DAYS_OF_A_RECEIVER, webhookPlace, false);
