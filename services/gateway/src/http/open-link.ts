// GET /open/:token, and with /:file a file of it: the link that stands in a CRM record: it leads to the dialogue in the console. It navigates; who is not logged in logs in there first.
import { isId } from '@continuo/contracts/ids';
import { verifyLink } from '@continuo/runtime';
import type { RequestHandler, Response } from 'express';
import type { Gateway } from '../gateway.ts';

const BROKEN = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Continuo</title>
<h1>This link does not open a dialogue</h1><p>It may have been cut when it was copied. Copy the whole line from the CRM record, or look for the dialogue in the <a href="/console/">console</a>.</p>
<p lang="ru">Ссылка не открывает диалог: возможно, она скопирована не целиком. Скопируйте всю строку из карточки CRM или найдите диалог в <a href="/console/">консоли</a>.</p></html>`;

export const openLink =
  (gateway: Gateway): RequestHandler<{ token: string }> =>
  (request, response) =>
    lead(gateway, request.params.token, response);

export const openFile =
  (gateway: Gateway): RequestHandler<{ token: string; file: string }> =>
  ({ params: { token, file } }, response) =>
    lead(gateway, isId(file) ? token : '', response, `&file=${file}`);

function lead({ config, settings }: Gateway, token: string, response: Response, more = ''): void {
  const link = verifyLink(config.CONTINUO_LINK_KEY, token);
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  });
  if (link && settings.site(link.site))
    response.redirect(302, `/console/#/conversation/${link.conversation}?from=crm${more}`);
  else response.status(404).type('html').send(BROKEN);
}
