// The web side of the mail catcher: a page to read caught mails in, and the same as JSON.
// A mail is a stranger's text: it is escaped, and its HTML is shown only in a frame that runs no script.
import express, { type Express, type Request, type Response } from 'express';
import type { MailBox } from './mail-box.ts';
import { inboxPage, mailPage, STYLE } from './mail-pages.ts';

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'";
/** Links open outside of the frame; pictures come from this machine only, so that no sender learns of the reading. */
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; " +
  'img-src data: http://127.0.0.1:* http://localhost:*';

export function mailInbox(box: MailBox): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    response.set({
      'content-security-policy': PAGE_POLICY,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    if (isOurs(request)) next();
    else response.status(403).send('This page answers on this machine only.');
  });

  app.get('/api/mails', (_request, response) => {
    response.json(box.mails().map(({ text: _text, html: _html, headers: _headers, ...summary }) => summary));
  });
  app.delete('/api/mails', async (_request, response) => {
    await box.clear();
    response.status(204).end();
  });
  app.get(
    '/api/mails/:id',
    withMail(box, (mail, response) => response.json(mail)),
  );

  app.get('/style.css', (_request, response) => void response.type('css').send(STYLE));
  app.get('/', (_request, response) => void response.send(inboxPage(box.mails())));
  app.post('/delete', async (_request, response) => {
    await box.clear();
    response.redirect(303, '/');
  });
  app.get(
    '/mails/:id',
    withMail(box, (mail, response) => response.send(mailPage(mail))),
  );
  app.get(
    '/mails/:id/html',
    withMail(box, (mail, response) => {
      response.set('content-security-policy', MAIL_POLICY).send(`<base target="_blank">${mail.html ?? ''}`);
    }),
  );
  return app;
}

/** Neither another site's form nor a name that somebody points at loopback gets through. */
function isOurs(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  const fromElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none';
  const isLink = request.method === 'GET' && request.get('sec-fetch-mode') === 'navigate';
  return /^(127\.0\.0\.1|localhost)$/.test(request.hostname) && (!fromElsewhere || isLink);
}

function withMail(box: MailBox, answer: (mail: NonNullable<ReturnType<MailBox['get']>>, response: Response) => void) {
  return (request: Request<{ id: string }>, response: Response) => {
    const mail = box.get(request.params.id);
    if (mail) answer(mail, response);
    else response.status(404).send('There is no such mail.');
  };
}
