// The amqp connector under faults, on a real RabbitMQ.
import { faultsContract } from './faults-contract.ts';
import { amqpPlace, DAYS_OF_A_BROKER } from './faults-places.ts';

faultsContract({
  name: 'RabbitMQ',
  days: DAYS_OF_A_BROKER,
  open: amqpPlace,
  withRecords: false,
  refusesRecords: false,
});
