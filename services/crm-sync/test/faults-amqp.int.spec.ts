// The amqp connector under faults, on a real RabbitMQ.
import { amqpPlace, DAYS_OF_A_BROKER } from './faults-broker.ts';
import { faultsContract } from './faults-contract.ts';
import { pushFaults } from './faults-push.ts';

faultsContract({
  name: 'RabbitMQ',
  days: DAYS_OF_A_BROKER,
  open: amqpPlace,
  withRecords: false,
  refusesRecords: false,
  more: pushFaults,
});
