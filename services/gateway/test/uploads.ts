// Files as people of a test send and open them: over HTTP, as a stranger would write it from docs/protocol.md.
import type { AttachedFile } from '@continuo/contracts';
import { keepOut, type TestAgent, type TestVisitor } from '@continuo/testing';

export interface Answer {
  status: number;
  file: AttachedFile;
  code?: string;
}
type Sender = TestAgent | TestVisitor;
const isAgent = (sender: Sender): sender is TestAgent => 'cookie' in sender;

/** Who he is, in the headers of his browser. */
export const headersOf = (gateway: string, sender: Sender): Record<string, string> =>
  isAgent(sender)
    ? { cookie: sender.cookie, origin: gateway, 'x-continuo': 'console' }
    : { authorization: `Bearer ${tokenOf(sender)}`, origin: gateway, 'x-continuo': 'widget' };

export const tokenOf = (visitor: TestVisitor): string =>
  visitor.frames().findLast(({ t }) => t === 'welcome')?.['token'] as string;

const doorOf = (sender: Sender): string => (isAgent(sender) ? '/api/files' : '/widget/files');

export async function upload(
  gateway: string,
  sender: Sender,
  { name, content, ...headers }: { name: string; content: Buffer } & Record<string, string | Buffer>,
): Promise<Answer> {
  keepOut(name);
  const answer = await fetch(`${gateway}${doorOf(sender)}`, {
    method: 'POST',
    headers: { ...headersOf(gateway, sender), 'x-file-name': encodeURIComponent(name), ...(headers as object) },
    body: new Uint8Array(content),
  });
  const body = answer.status === 204 ? {} : await answer.json();
  return { status: answer.status, file: body as AttachedFile, code: (body as { code?: string }).code as string };
}

/** The links that this person gets, or the status that he gets instead. */
export async function linksFor(
  gateway: string,
  sender: Sender,
  file: string,
): Promise<number | { show: string; save: string; preview?: string }> {
  const answer = await fetch(`${gateway}${doorOf(sender)}/${file}`, { headers: headersOf(gateway, sender) });
  return answer.ok ? ((await answer.json()) as { show: string; save: string }) : answer.status;
}

export const PNG = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6360000002000100ffff03000006000557bfabd40000000049454e44ae426082',
  'hex',
);
export const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffdb004300ffd9', 'hex');
export const PDF = Buffer.from('%PDF-1.7\n%âãÏÓ\nnothing more\n%%EOF\n');
