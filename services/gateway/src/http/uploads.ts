// POST /widget/files by a visitor with his token, POST /api/files by an employee with his session: the body is the file, its name stands in a header
// (an address would come into traces). And GET …/files/:file, which gives whoever may read the dialogue a link that is good for an hour.
import type { IncomingMessage } from 'node:http';
import { ask, UnavailableError } from '@continuo/bus';
import type { Actor } from '@continuo/contracts';
import { isId, newId } from '@continuo/contracts/ids';
import { clock } from '@continuo/runtime';
import { isStoreOutage } from '@continuo/store';
import { logger } from '@continuo/telemetry';
import type { Request, RequestHandler, Response } from 'express';
import { addressOf } from '../address.ts';
import { FileBytesAwayError, WrongLengthError } from '../files/file-bytes.ts';
import { signFile, type Wanted } from '../files/file-link.ts';
import type { FileRecord, Owner } from '../files/records.ts';
import { takeFile, takePreview, UploadRefused } from '../files/upload.ts';
import type { Gateway } from '../gateway.ts';
import { takeAll } from '../limits.ts';
import { sessionIn } from '../sessions/cookie.ts';
import { verifyVisitor } from '../sessions/visitor-token.ts';
import { ownPagesOnly } from './security.ts';

const log = logger('files');
const STATUS = { 'length-needed': 411, 'too-big': 413, quota: 429, type: 415, unknown: 404 } as const;
/** So much of a refused body is still read, so that its sender hears why. */
const PATIENCE_BYTES = 64_000_000;
/** More than any dialogue has: asks for nothing but whether one may read it. */
const NOTHING_AFTER = Number.MAX_SAFE_INTEGER;

interface Sender {
  site: string;
  actor: Actor & Owner;
}
/** Whatever its path names. */
type Asked = IncomingMessage & Pick<Request, 'get'>;
type Who = (gateway: Gateway, request: Asked) => Promise<Sender | undefined>;

const visitorOf: Who = async ({ config, settings }, request) => {
  const token = /^Bearer ([\w.-]{1,500})$/.exec(request.get('authorization') ?? '')?.[1];
  const site = token?.split('.')[1];
  if (token === undefined || site === undefined || !settings.site(site)) return undefined;
  const known = verifyVisitor(config.CONTINUO_TOKEN_KEY, token, site, clock.now());
  return known && { site, actor: { kind: 'visitor', id: known.visitor } };
};
const employeeOf: Who = async ({ sessions, settings }, request) => {
  const session = await sessions.read(sessionIn(request.headers.cookie));
  const me = session && settings.agent(session.site, session.agent);
  return me && { site: me.site, actor: { kind: 'agent', id: me.id, role: me.role } };
};

const upload =
  (who: Who) =>
  (gateway: Gateway): RequestHandler[] => [
    ownPagesOnly(gateway),
    (request, response) =>
      answering(request, response, async () => {
        const sender = await who(gateway, request);
        if (!sender) return void refuse(response, 401, 'not-logged-in', 'Say who you are first.');
        const { site, actor } = sender;
        const address = addressOf(request, gateway.config.CONTINUO_PROXY_HOPS);
        const { uploadsOfSender, uploadsOfAddress } = gateway.limits;
        const waitMs = takeAll([uploadsOfSender, actor.id], [uploadsOfAddress, address]);
        if (waitMs > 0) {
          response.set('Retry-After', String(Math.ceil(waitMs / 1000)));
          return void refuse(response, 429, 'too-many', 'Too many files at once. Wait a moment.');
        }
        const coming = { site, owner: { kind: actor.kind, id: actor.id }, bytes: lengthOf(request), body: request };
        const of = request.get('x-preview-of');
        if (of !== undefined) {
          if (!isId(of)) return void refuse(response, 400, 'invalid', 'The id of a picture is needed.');
          await takePreview(gateway.files, of, coming);
          return void response.status(204).end();
        }
        const name = decoded(request.get('x-file-name'));
        if (!name) return void refuse(response, 400, 'invalid', 'The name of the file is needed.');
        const size = sizeIn(request.get('x-picture-size'));
        response.status(201).json(await takeFile(gateway.files, gateway.config, { ...coming, name, size }));
      }),
  ];

const link =
  (who: Who) =>
  (gateway: Gateway): RequestHandler<{ file: string }> =>
  (request, response) =>
    answering(request, response, async () => {
      const sender = await who(gateway, request);
      if (!sender) return void refuse(response, 401, 'not-logged-in', 'Say who you are first.');
      const { file } = request.params;
      const record = isId(file) ? await gateway.files.records.find(file) : null;
      if (!record || !(await mayRead(gateway, sender, record)))
        return void refuse(response, 404, 'unknown', 'There is no such file.');
      const key = gateway.config.CONTINUO_TOKEN_KEY;
      const sign = (wanted: Wanted) => `/files/${signFile(key, file, wanted, clock.now())}`;
      const preview = record.preview !== undefined && { preview: sign('preview') };
      response.set('Cache-Control', 'no-store').json({ show: sign('show'), save: sign('save'), ...preview });
    });

export const uploadOfVisitor = upload(visitorOf);
export const uploadOfEmployee = upload(employeeOf);
export const linkForVisitor = link(visitorOf);
export const linkForEmployee = link(employeeOf);

/** Its sender, and whoever may read a dialogue that it was sent in; that is for the service to say that owns the dialogues. */
async function mayRead({ bus }: Gateway, { site, actor }: Sender, record: FileRecord): Promise<boolean> {
  if (record.site !== site) return false;
  if (record.owner.kind === actor.kind && record.owner.id === actor.id) return true;
  for (const conversation of new Set(record.sent.map((one) => one.conversation))) {
    const answer = await ask(bus, 'transcript', { id: newId(), site, actor }, { conversation, after: NOTHING_AFTER });
    if (answer.ok) return true;
  }
  return false;
}

async function answering(request: Asked, response: Response, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UploadRefused) refuse(response, STATUS[error.fault], error.fault, error.message);
    else if (error instanceof WrongLengthError) refuse(response, 400, 'invalid', 'The file did not come as a whole.');
    else if (request.destroyed && !request.complete) return;
    else if (error instanceof FileBytesAwayError || error instanceof UnavailableError || isStoreOutage(error)) {
      log.warn({ err: error }, 'Files cannot be reached.');
      response.set('Retry-After', '5');
      refuse(response, 503, 'unavailable', 'Files cannot be reached at the moment. Try again.');
    } else throw error;
  } finally {
    if (!request.complete) letEnd(request, response);
  }
}

function refuse(response: Response, status: number, code: string, words: string): void {
  response.status(status).json({ code, words });
}

/** What still comes of a refused body is thrown away: whoever sends without listening would else never hear the answer. */
function letEnd(request: Asked, response: Response): void {
  if (lengthOf(request) > PATIENCE_BYTES || request.get('transfer-encoding') !== undefined)
    response.once('finish', () => setTimeout(() => request.destroy(), 1_000).unref());
  request.resume();
}

const lengthOf = (request: Asked): number => {
  const text = request.get('content-length') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
};

function decoded(name = ''): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return '';
  }
}

function sizeIn(text = ''): { width: number; height: number } | undefined {
  const [, width = 0, height = 0] = (/^(\d{1,5})x(\d{1,5})$/.exec(text) ?? []).map(Number);
  const fits = [width, height].every((side) => side >= 1 && side <= 65_535);
  return fits ? { width, height } : undefined;
}
