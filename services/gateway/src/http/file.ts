// GET /files/:link: the bytes of a file, for whoever has a link that is still good. A picture may be shown; everything else is only saved. Whatever it is,
// it is no document: it runs nothing, and no other origin may use it.
import { pipeline } from 'node:stream/promises';
import { clock } from '@continuo/runtime';
import { isStoreOutage } from '@continuo/store';
import { logger } from '@continuo/telemetry';
import type { RequestHandler } from 'express';
import { FileBytesAwayError } from '../files/file-bytes.ts';
import { verifyFile } from '../files/file-link.ts';
import { isPicture } from '../files/nature.ts';
import { keyOf, previewKeyOf } from '../files/records.ts';
import type { Gateway } from '../gateway.ts';

const log = logger('files');
const NO_DOCUMENT = "default-src 'none'; sandbox";
/** A browser that shows a picture on a page of its own gives that page styles. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

export const fileOfLink =
  ({ config, files }: Gateway): RequestHandler<{ link: string }> =>
  async (request, response) => {
    const now = clock.now();
    const good = verifyFile(config.CONTINUO_TOKEN_KEY, request.params.link, now);
    const gone = () => void response.status(404).type('text').send('This link has run out. Open the dialogue again.\n');
    if (!good) return gone();
    try {
      const record = await files.records.find(good.file);
      const asPreview = good.wanted === 'preview';
      const bytes = asPreview ? record?.preview : record?.bytes;
      if (!record || bytes === undefined) return gone();
      const content = await files.bytes.read(asPreview ? previewKeyOf(record) : keyOf(record), bytes);
      if (!content) return gone();
      const type = asPreview ? 'image/jpeg' : record.type;
      const inline = asPreview || (good.wanted === 'show' && isPicture(type));
      response.set({
        'Content-Type': type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
        'Content-Length': String(bytes),
        'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encoded(record.name)}`,
        'Content-Security-Policy': inline ? PICTURE_POLICY : NO_DOCUMENT,
        'Cross-Origin-Resource-Policy': 'same-origin',
        'Cache-Control': `private, max-age=${Math.floor((good.until - now) / 1000)}, immutable`,
      });
      await pipeline(content, response);
    } catch (error) {
      // Whoever reads has gone, or sees by the missing end that something broke.
      if (response.headersSent) return void response.destroy();
      if (!(error instanceof FileBytesAwayError) && !isStoreOutage(error)) throw error;
      log.warn({ err: error }, 'Files cannot be reached.');
      response.status(503).type('text').send('Files cannot be reached at the moment. Try again.\n');
    }
  };

/** As RFC 8187 wants it. */
const encoded = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
