// A CRM that works badly and repeats in its answers all that it was told: who sent it, with which key, and what. Some CRMs do, in their errors.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RepeatingCrm extends AsyncDisposable {
  readonly url: string;
  /** All that was sent to it. */
  heard(): string;
  /** How it answers from now on; `cut` breaks the connection instead. */
  answers: 'cut' | number;
}

export async function startRepeatingCrm(): Promise<RepeatingCrm> {
  const all: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const told = `${request.method} ${decodeURIComponent(request.url ?? '')} ${JSON.stringify(request.headers)} ${body}`;
    all.push(told);
    if (crm.answers === 'cut') return void request.socket.destroy();
    const answer = { error: told, message: told, detail: told, errors: [told] };
    response.writeHead(crm.answers, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const crm: RepeatingCrm = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => all.join('\n'),
    answers: 200,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return crm;
}
