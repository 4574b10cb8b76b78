// npm run rebuild-views: makes the conversations' views in MongoDB anew from the stream, while everything runs. Beside `npm start` it finds the servers by
// itself; elsewhere the environment is the conversation service's.
import { runNode } from './run-node.ts';
import { viewsSurroundings } from './running.ts';

if (process.argv.length > 2) {
  const isHelp = ['--help', '-h'].includes(process.argv[2] as string);
  const words =
    'npm run rebuild-views takes no options: it begins at once, and the live views stay until the new ones are right.\n';
  (isHelp ? process.stdout : process.stderr).write(words);
  process.exit(isHelp ? 0 : 2);
}
try {
  process.exitCode = await runNode(['services/conversation/src/views/rebuild-command.ts'], await viewsSurroundings());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
