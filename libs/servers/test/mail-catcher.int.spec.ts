import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { type MailCatcher, startMailCatcher } from '../src/index.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'continuo-mail-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const send = ({ smtpUrl }: Pick<MailCatcher, 'smtpUrl'>, subject: string, more: object = {}) =>
  createTransport(smtpUrl).sendMail({
    from: 'Anna <anna@shop.example>',
    to: 'visitor@home.example',
    subject,
    text: 'Ваш заказ в пути 🚚',
    ...more,
  });

test('a mail is kept as it was sent, with its thread, over a restart', async () => {
  const dir = join(scratch, 'kept');
  {
    await using mail = await startMailCatcher({ dir });
    await send(mail, 'Про заказ', {
      html: '<p>Ваш заказ</p>',
      inReplyTo: '<first@shop.example>',
      messageId: '<2@shop>',
    });
  }
  await using mail = await startMailCatcher({ dir });
  await send(mail, 'second');
  expect(mail.mails()).toMatchObject([
    {
      envelope: { from: 'anna@shop.example', to: ['visitor@home.example'] },
      subject: 'Про заказ',
      text: 'Ваш заказ в пути 🚚',
      html: '<p>Ваш заказ</p>',
      messageId: '<2@shop>',
      inReplyTo: '<first@shop.example>',
    },
    { subject: 'second', html: null },
  ]);
});

test('a test can wait for a mail that is still to come', async () => {
  await using mail = await startMailCatcher({ dir: join(scratch, 'waited') });
  const coming = mail.waitFor(({ subject }) => subject === 'awaited');
  await send(mail, 'other');
  await send(mail, 'awaited');
  expect((await coming).subject).toBe('awaited');
  await expect(mail.waitFor(() => false, 10)).rejects.toThrow('2 others are there');
});

test('told to fail, it refuses as often as it was told and keeps nothing of those', async () => {
  await using mail = await startMailCatcher({ dir: join(scratch, 'failing') });
  mail.fail({ code: 451, times: 2 });
  await expect(send(mail, 'a')).rejects.toMatchObject({ responseCode: 451 });
  await expect(send(mail, 'a')).rejects.toMatchObject({ responseCode: 451 });
  await send(mail, 'a');
  mail.fail({ code: 550, times: 1, at: 'recipient' });
  await expect(send(mail, 'b')).rejects.toMatchObject({ responseCode: 550 });
  expect(mail.mails()).toHaveLength(1);
});

test('told to lose an answer, it keeps a mail whose sender never hears of it', async () => {
  await using mail = await startMailCatcher({ dir: join(scratch, 'lost') });
  mail.loseAnswers(1);
  await expect(send(mail, 'a')).rejects.toThrow();
  expect(mail.mails()).toHaveLength(1);
});

test('told to refuse connections, it does, and takes mails again afterwards at the same address', async () => {
  await using mail = await startMailCatcher({ dir: join(scratch, 'refusing') });
  await mail.refuseConnections();
  await expect(send(mail, 'a')).rejects.toMatchObject({ code: 'ESOCKET' });
  await mail.acceptConnections();
  await send(mail, 'a');
  expect(mail.mails()).toHaveLength(1);
});

test('the JSON interface lists, opens and deletes mails', async () => {
  await using mail = await startMailCatcher({ dir: join(scratch, 'json') });
  await send(mail, 'a');
  const list = (await (await fetch(`${mail.httpUrl}/api/mails`)).json()) as { id: string; subject: string }[];
  expect(list).toMatchObject([{ subject: 'a' }]);
  const opened = await (await fetch(`${mail.httpUrl}/api/mails/${list[0]?.id}`)).json();
  expect(opened).toMatchObject({ text: 'Ваш заказ в пути 🚚', headers: expect.anything() });
  expect((await fetch(`${mail.httpUrl}/api/mails/99`)).status).toBe(404);
  expect((await fetch(`${mail.httpUrl}/api/mails`, { method: 'DELETE' })).status).toBe(204);
  expect(mail.mails()).toEqual([]);
});

test('a hostile mail is shown without running anything of it', async () => {
  await using mail = await startMailCatcher({ dir: join(scratch, 'hostile') });
  await send(mail, '<script>alert(1)</script>', { html: '<script>alert(2)</script>' });
  const id = mail.mails()[0]?.id;
  for (const page of ['', `mails/${id}`]) {
    const answer = await fetch(`${mail.httpUrl}/${page}`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await answer.text()).not.toContain('<script>');
  }
  const html = await fetch(`${mail.httpUrl}/mails/${id}/html`);
  expect(html.headers.get('content-security-policy')).toMatch(/^sandbox (?!.*(allow-scripts|allow-same-origin))/);
});

test('another site can neither read nor delete mails through a browser', async () => {
  await using mail = await startMailCatcher({ dir: join(scratch, 'foreign') });
  await send(mail, 'a');
  const url = new URL(mail.httpUrl);
  const status = (method: string, path: string, headers: Record<string, string>) =>
    new Promise((resolve) => {
      const ask = request({ host: url.hostname, port: url.port, method, path, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      ask.end();
    });
  expect(await status('POST', '/delete', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe(403);
  expect(await status('GET', '/api/mails', { host: 'evil.example' })).toBe(403);
  expect(await status('GET', '/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe(200);
  expect(mail.mails()).toHaveLength(1);
});

test('a taken port is named', async () => {
  await using first = await startMailCatcher({ dir: join(scratch, 'first') });
  const port = Number(new URL(first.httpUrl).port);
  const second = startMailCatcher({ dir: join(scratch, 'second'), httpPort: port });
  await expect(second).rejects.toThrow(`mail catcher: port ${port} is taken`);
});

test('it runs as a process of its own and ends on a signal', async () => {
  const script = fileURLToPath(new URL('../src/run-mail-catcher.ts', import.meta.url));
  const args = [script, `--dir=${join(scratch, 'process')}`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  await send(JSON.parse(line), 'a');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
