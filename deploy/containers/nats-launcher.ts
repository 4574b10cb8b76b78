// nats-launcher.ts -c FILE: called as nats-server is by whoever starts one for a test, and runs it in a container on this machine's own network, with the folder
// of its configuration. It lives as long as the container, and a signal to it ends both.
import { dirname } from 'node:path';
import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';
import { labels, NATS_IMAGE } from './servers.ts';

const [, , ...args] = process.argv;
const folder = dirname(args.at(-1) as string);
let stopping = false;

const container = await new GenericContainer(NATS_IMAGE)
  .withNetworkMode('host')
  .withUser(`${process.getuid?.()}:${process.getgid?.()}`)
  .withBindMounts([{ source: folder, target: folder }])
  .withCommand(args)
  .withLabels(labels())
  .withLogConsumer((lines) => lines.pipe(process.stdout))
  .withWaitStrategy(Wait.forLogMessage('Server is ready'))
  .start();
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, async () => {
    stopping = true;
    await container.stop();
    process.exit();
  });
// Its log alone would not keep this process alive: testcontainers lets go of that connection.
const { container: containers } = await getContainerRuntimeClient();
await containers.getById(container.getId()).wait();
if (!stopping) process.exit(1);
