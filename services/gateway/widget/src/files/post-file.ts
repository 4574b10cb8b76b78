// Brings one file to the gateway. XMLHttpRequest, since `fetch` tells nothing of how far an upload has come.
import type { AttachedFile } from '@continuo/contracts';
import { type Picture, pictureOf } from './picture.ts';

export type Posted =
  | { done: AttachedFile }
  /** It will never be taken: `too-big`, `type`, `quota`. */
  | { refused: string }
  /** The network, or the gateway for now. */
  | { again: true };

export interface Posting {
  url: string;
  headers: Record<string, string>;
  name: string;
  blob: Blob;
  onProgress(part: number): void;
  signal: AbortSignal;
}

export async function postFile({ name, blob, ...posting }: Posting): Promise<Posted> {
  const picture = await pictureOf(blob);
  const answer = await post(posting, blob, { 'X-File-Name': encodeURIComponent(name), ...sizeOf(picture) });
  const { code, ...file } = parsed(answer?.responseText);
  if (answer?.status === 201) {
    const done = file as unknown as AttachedFile;
    // Without it the picture itself is shown.
    if (picture?.preview) await post({ ...posting, onProgress() {} }, picture.preview, { 'X-Preview-Of': done.id });
    return { done };
  }
  const refused = answer && [400, 411, 413, 415, 429].includes(answer.status) && code !== 'too-many';
  return refused ? { refused: code ?? 'invalid' } : { again: true };
}

const sizeOf = (picture: Picture | undefined): Record<string, string> =>
  picture ? { 'X-Picture-Size': `${picture.width}x${picture.height}` } : {};

function post(
  { url, headers, onProgress, signal }: Pick<Posting, 'url' | 'headers' | 'onProgress' | 'signal'>,
  body: Blob,
  more: Record<string, string>,
): Promise<XMLHttpRequest | undefined> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    for (const [name, value] of Object.entries({ ...headers, ...more })) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded / (body.size || 1));
    request.onload = () => resolve(request);
    request.onerror = request.onabort = () => resolve(undefined);
    if (signal.aborted) return resolve(undefined);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}

function parsed(text = ''): { code?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
