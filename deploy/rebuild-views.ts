// npm run rebuild-views: makes the conversations' views in MongoDB anew from the stream, while everything runs. Beside `npm start` it finds the servers by
// itself; elsewhere the environment is the conversation service's.
import { runNode } from './run-node.ts';
import { viewsSurroundings } from './running.ts';

try {
  process.exitCode = await runNode(['services/conversation/src/views/rebuild-command.ts'], await viewsSurroundings());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
