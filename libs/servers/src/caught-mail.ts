// A mail as the catcher keeps it: what the envelope said, and what a reader would see.
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';

export interface CaughtMail {
  id: string;
  receivedAt: string;
  /** Whom the SMTP dialogue named, whatever the headers say. */
  envelope: Envelope;
  from: string;
  to: string[];
  replyTo: string | null;
  subject: string;
  messageId: string | null;
  inReplyTo: string | null;
  references: string[];
  text: string;
  html: string | null;
  /** In the order of the mail, unparsed. */
  headers: { name: string; value: string }[];
}

export interface Envelope {
  from: string;
  to: string[];
}

export async function parseMail(id: string, envelope: Envelope, raw: Buffer): Promise<CaughtMail> {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true });
  return {
    id,
    receivedAt: new Date().toISOString(),
    envelope,
    from: mail.from?.text ?? '',
    to: addresses(mail.to),
    replyTo: mail.replyTo?.text ?? null,
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? null,
    inReplyTo: mail.inReplyTo ?? null,
    references: [mail.references ?? []].flat(),
    text: mail.text ?? '',
    html: mail.html || null,
    headers: headerLines(mail),
  };
}

function addresses(to: AddressObject | AddressObject[] | undefined): string[] {
  return [to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address ?? ''));
}

function headerLines({ headerLines }: ParsedMail): CaughtMail['headers'] {
  return headerLines.map(({ line }) => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
  });
}
