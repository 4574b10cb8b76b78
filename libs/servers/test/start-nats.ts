// A launcher of its own for tests that kill one: starts nats-server in the given folder and prints where it is.
import { startNats } from '../src/index.ts';

const [dir = '', port] = process.argv.slice(2);
const server = await startNats({ dir, ...(port && { port: Number(port) }) });
console.log(JSON.stringify({ url: server.url, port: server.port, pid: server.pid }));
process.stdin.resume();
