// node run-mail-catcher.ts --dir=DIR [--smtp-port=N] [--http-port=N] [--host=ADDRESS]: the mail catcher as a process of its own.
// Prints its addresses as one line of JSON and runs until a signal.
import { parseArgs } from 'node:util';
import { startMailCatcher } from './mail-catcher.ts';

const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    'smtp-port': { type: 'string' },
    'http-port': { type: 'string' },
    host: { type: 'string' },
  },
});
const { dir, 'smtp-port': smtpPort, 'http-port': httpPort, host } = values;

try {
  if (!dir) throw new Error('The mail catcher needs --dir=DIR.');
  const ports = { ...(smtpPort && { smtpPort: Number(smtpPort) }), ...(httpPort && { httpPort: Number(httpPort) }) };
  const { smtpUrl, httpUrl, stop } = await startMailCatcher({ dir, ...ports, ...(host && { host }) });
  console.log(JSON.stringify({ smtpUrl, httpUrl }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
