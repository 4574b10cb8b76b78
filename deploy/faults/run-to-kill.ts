// node run-to-kill.ts DIR: a run of tests that somebody will kill. Starts what tests start, each kind that ends in its own way, says so and lives on.
import { join } from 'node:path';
import { startRabbitMq } from '@continuo/servers';
import { startWorld } from '@continuo/testing';

const [dir = ''] = process.argv.slice(2);
await Promise.all([
  startWorld({ services: { conversation: 1 }, ownMongo: true }),
  startRabbitMq({ dir: join(dir, 'rabbitmq') }),
]);
process.stdout.write('up\n');
process.stdin.resume();
