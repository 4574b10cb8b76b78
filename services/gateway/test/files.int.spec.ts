// Files from the visitor to the agent and back, through running services: what comes is what was sent, whoever may not read gets nothing, and what was
// never sent goes. The bytes lie in a store that speaks S3 here; in MongoDB they do in the browser's test.
import { newId } from '@continuo/contracts';
import { eventually, newCompany, startWorld, type TestAgent, type TestVisitor, type World } from '@continuo/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FakeS3, startFakeS3 } from './fake-s3.ts';
import { headersOf, JPEG, linksFor, PDF, PNG, tokenOf, upload } from './uploads.ts';

let s3: FakeS3;
let world: World;
let gateway: string;
let visitor: TestVisitor;
let agent: TestAgent;
let conversation: string;

beforeAll(async () => {
  s3 = await startFakeS3();
  world = await startWorld({
    services: { gateway: 1, conversation: 1 },
    agents: 2,
    env: {
      CONTINUO_FILES_S3_URL: s3.url,
      CONTINUO_FILES_S3_REGION: s3.region,
      CONTINUO_FILES_S3_ACCESS_KEY: s3.accessKey,
      CONTINUO_FILES_S3_SECRET_KEY: s3.secretKey,
      CONTINUO_LIMIT_FILE_MB: '1',
      CONTINUO_LIMIT_FILE_MB_PER_VISITOR: '2',
    },
  });
  gateway = world.gateways()[0] as string;
  agent = await world.agent();
  await agent.goOnline();
  visitor = world.visitor();
  await visitor.socket.ready();
  await visitor.say('May I send you the plan?');
  conversation = visitor.conversation() as string;
  await eventually(() => expect(agent.mine()).toContain(conversation));
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await s3?.[Symbol.asyncDispose]();
});

const send = (sender: TestVisitor | TestAgent, files: unknown, text = '') =>
  sender.socket.command('send-message', { conversation, text, files });
const open = (link: string): Promise<Response> => fetch(`${gateway}${link}`);

test('a visitor’s picture reaches the agent, and the agent’s paper the visitor: whole, named, with what it is', async () => {
  const picture = await upload(gateway, visitor, { name: 'план этажа.png', content: PNG, 'x-picture-size': '1x1' });
  expect(picture).toMatchObject({
    status: 201,
    file: { name: 'план этажа.png', type: 'image/png', bytes: PNG.length, size: { width: 1, height: 1 } },
  });
  expect((await upload(gateway, visitor, { name: 'x', content: JPEG, 'x-preview-of': picture.file.id })).status).toBe(
    204,
  );
  await send(visitor, [picture.file.id], 'Here it is');
  await eventually(() =>
    expect(agent.messages(conversation).at(-1)).toMatchObject({
      text: 'Here it is',
      files: [{ ...picture.file, preview: true }],
    }),
  );
  const links = (await linksFor(gateway, agent, picture.file.id)) as { show: string; save: string; preview: string };
  const shown = await open(links.show);
  expect(Buffer.from(await shown.arrayBuffer()).equals(PNG)).toBe(true);
  expect(Object.fromEntries(shown.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': "inline; filename*=UTF-8''%D0%BF%D0%BB%D0%B0%D0%BD%20%D1%8D%D1%82%D0%B0%D0%B6%D0%B0.png",
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
  const whole = await open(links.save);
  expect(whole.headers.get('content-disposition')).toMatch(/^attachment;/);
  expect(whole.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  expect(Buffer.from(await (await open(links.preview)).arrayBuffer()).equals(JPEG)).toBe(true);

  const paper = await upload(gateway, agent, { name: 'assembly.pdf', content: PDF });
  await send(agent, [paper.file.id]);
  await eventually(() => expect(visitor.messages().at(-1)).toMatchObject({ text: '', files: [paper.file] }));
  const { show } = (await linksFor(gateway, visitor, paper.file.id)) as { show: string };
  const saved = await open(show);
  expect(saved.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''assembly.pdf");
  expect(Buffer.from(await saved.arrayBuffer()).equals(PDF)).toBe(true);
});

test('a dialogue may begin with a file', async () => {
  await using another = world.visitor();
  await another.socket.ready();
  const { file } = await upload(gateway, another, { name: 'first.pdf', content: PDF });
  await another.socket.command('start-conversation', { text: '', files: [file.id], language: 'en' });
  await eventually(() => expect(another.messages()).toMatchObject([{ text: '', files: [file] }]));
  expect(await linksFor(gateway, agent, file.id)).toMatchObject({ save: expect.any(String) });
});

test('nobody else reads it: no other visitor, no other site, and not without a good link', async () => {
  const foreign = await newCompany(world, { name: 'Südmark', roles: ['agent'] });
  await using foreignAgent = await foreign.agent('agent');
  await using foreignVisitor = foreign.visitor();
  await using other = world.visitor();
  await Promise.all([foreignVisitor.socket.ready(), other.socket.ready()]);
  const { file } = await upload(gateway, visitor, { name: 'private.pdf', content: PDF });
  expect(await linksFor(gateway, agent, file.id)).toBe(404);
  await send(visitor, [file.id]);
  for (const stranger of [foreignAgent, foreignVisitor, other])
    expect(await linksFor(gateway, stranger, file.id)).toBe(404);
  for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: `Bearer ${tokenOf(visitor)}x` }])
    expect((await fetch(`${gateway}/widget/files/${file.id}`, { headers })).status).toBe(401);
  const { save } = (await linksFor(gateway, agent, file.id)) as { save: string };
  for (const wrong of [`${save}x`, save.replace(file.id, newId()), '/files/x', '/files/..%2f'])
    expect([wrong, (await open(wrong)).status]).toEqual([wrong, 404]);
  expect((await open(save)).status).toBe(200);
});

test('nobody sends what is not his, or what the gateway has not seen', async () => {
  await using other = world.visitor();
  await other.socket.ready();
  // As a browser does, again where the store does not answer at the moment.
  const theirs = await eventually(async () => {
    const { status, file, code } = await upload(gateway, other, { name: 'theirs.pdf', content: PDF });
    expect([status, code]).toEqual([201, undefined]);
    return file;
  });
  const before = visitor.events().length;
  const invented = { id: newId(), name: 'evil.exe', type: 'text/html', bytes: 1 };
  for (const [files, refusal] of [
    [[theirs.id], 'file-unknown'],
    [[newId()], 'file-unknown'],
    [[invented], 'invalid'],
    [invented, 'invalid'],
    [[], 'invalid'],
    [[theirs.id, theirs.id], 'invalid'],
    [{ $ne: null }, 'invalid'],
    [Array.from({ length: 11 }, () => newId()), 'invalid'],
  ] as const)
    await expect(send(visitor, files)).rejects.toMatchObject({ refusal });
  expect(visitor.events()).toHaveLength(before);
});

test('too large, too much, of a kind that is not taken, without length or name: told as such, and nothing is kept', async () => {
  await using other = world.visitor();
  await other.socket.ready();
  const kept = s3.kept.size;
  const large = Buffer.alloc(1_000_001, '%PDF-1.7 ');
  expect(await upload(gateway, other, { name: 'large.pdf', content: large })).toMatchObject({
    status: 413,
    code: 'too-big',
  });
  const program = Buffer.from('7f454c4602010100000000000000000002003e0001000000', 'hex');
  expect(await upload(gateway, other, { name: 'photo.png', content: program })).toMatchObject({
    status: 415,
    code: 'type',
  });
  expect((await upload(gateway, other, { name: '', content: PDF })).status).toBe(400);
  const chunked = await fetch(`${gateway}/widget/files`, {
    method: 'POST',
    headers: { ...headersOf(gateway, other), 'x-file-name': 'a.pdf' },
    body: new Blob([new Uint8Array(PDF)]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(chunked.status).toBe(411);
  expect(s3.kept.size).toBe(kept);
  const most = Buffer.alloc(1_000_000, '%PDF-1.7 ');
  for (const status of [201, 201, 429])
    expect((await upload(gateway, other, { name: 'much.pdf', content: most })).status).toBe(status);
  // Another has an allowance of his own, and what is refused counts for nobody.
  expect((await upload(gateway, visitor, { name: 'mine.pdf', content: PDF })).status).toBe(201);
});

test('a page that calls itself a picture is only ever saved, as text', async () => {
  const page = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  const { file } = await upload(gateway, visitor, {
    name: '..\\..\\logo\u202egnp.svg',
    content: page,
    'content-type': 'image/svg+xml',
  });
  expect(file).toMatchObject({ name: 'logognp.svg.txt', type: 'text/plain' });
  const { show } = (await linksFor(gateway, visitor, file.id)) as { show: string };
  const answer = await open(show);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment;/);
});

test('with the store away the sender is told so and sends it again; what breaks off on the way is not a whole file', async () => {
  const { file } = await upload(gateway, visitor, { name: 'there.pdf', content: PDF });
  const { save } = (await linksFor(gateway, visitor, file.id)) as { save: string };
  s3.always({ answer: 503, code: 'SlowDown' });
  expect(await upload(gateway, visitor, { name: 'again.pdf', content: PDF })).toMatchObject({
    status: 503,
    code: 'unavailable',
  });
  expect((await open(save)).status).toBe(503);
  s3.always('hang up in the middle');
  await expect(open(save).then((answer) => answer.arrayBuffer())).rejects.toThrow();
  s3.always(undefined);
  expect((await upload(gateway, visitor, { name: 'again.pdf', content: PDF })).status).toBe(201);
  expect((await open(save)).status).toBe(200);
});

test('a link runs out; what nobody sent goes after a day, what was sent stays', async () => {
  const sent = await upload(gateway, visitor, { name: 'sent.pdf', content: PDF });
  const unsent = await upload(gateway, visitor, { name: 'unsent.pdf', content: PDF });
  const refused = await upload(gateway, visitor, { name: 'refused.pdf', content: PDF });
  await send(visitor, [sent.file.id]);
  await expect(
    visitor.socket.command('send-message', { conversation: newId(), text: '', files: [refused.file.id] }),
  ).rejects.toMatchObject({ refusal: 'conversation-unknown' });
  const { save } = (await linksFor(gateway, visitor, sent.file.id)) as { save: string };
  const keys = () => [...s3.kept.keys()].map((key) => key.split('/')[1]);
  expect(keys()).toEqual(expect.arrayContaining([sent.file.id, unsent.file.id, refused.file.id]));
  await world.clock.advance(25 * 3600 * 1000);
  expect((await open(save)).status).toBe(404);
  await eventually(() => {
    expect(keys()).not.toContain(unsent.file.id);
    expect(keys()).not.toContain(refused.file.id);
  });
  await expect(send(visitor, [unsent.file.id])).rejects.toMatchObject({ refusal: 'file-unknown' });
  const { show } = (await linksFor(gateway, visitor, sent.file.id)) as { show: string };
  expect((await open(show)).status).toBe(200);
});
