// What a file is, by its content alone: neither its name nor what its sender says counts. What is not in this table is refused.
import { fileTypeFromBuffer } from 'file-type';

export interface Nature {
  type: string;
  /** Endings that a file of this nature may have; the first one is given to a name that has another. */
  endings: readonly [string, ...string[]];
  /** A browser may show it on a page. Everything else is only ever saved. */
  picture: boolean;
}

const picture = (type: string, ...endings: Nature['endings']): Nature => ({ type, endings, picture: true });
const saved = (type: string, ...endings: Nature['endings']): Nature => ({ type, endings, picture: false });
const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OPEN = 'application/vnd.oasis.opendocument';

const TABLE: readonly Nature[] = [
  picture('image/jpeg', 'jpg', 'jpeg'),
  picture('image/png', 'png', 'apng'),
  picture('image/gif', 'gif'),
  picture('image/webp', 'webp'),
  picture('image/avif', 'avif'),
  saved('image/heic', 'heic', 'heif'),
  saved('image/tiff', 'tif', 'tiff'),
  saved('image/bmp', 'bmp'),
  saved('application/pdf', 'pdf'),
  saved('application/rtf', 'rtf'),
  saved('application/x-cfb', 'doc', 'xls', 'ppt', 'msg'),
  saved(`${OFFICE}.wordprocessingml.document`, 'docx'),
  saved(`${OFFICE}.spreadsheetml.sheet`, 'xlsx'),
  saved(`${OFFICE}.presentationml.presentation`, 'pptx'),
  saved(`${OPEN}.text`, 'odt'),
  saved(`${OPEN}.spreadsheet`, 'ods'),
  saved(`${OPEN}.presentation`, 'odp'),
  saved('application/zip', 'zip'),
  saved('audio/mpeg', 'mp3'),
  saved('audio/ogg', 'ogg', 'oga', 'opus'),
  saved('audio/wav', 'wav'),
  saved('audio/x-m4a', 'm4a'),
  saved('video/mp4', 'mp4'),
  saved('video/webm', 'webm'),
  saved('video/quicktime', 'mov'),
];
/** Pages, drawings and scripts are text, too: their own endings would make them run where they are opened. */
const TEXT = saved('text/plain', 'txt', 'csv', 'tsv', 'md', 'log', 'json', 'ics', 'vcf');
/** The same thing under other names, and what is nothing but text. */
const MEANS: Readonly<Record<string, string>> = { 'image/apng': 'image/png', 'audio/vnd.wave': 'audio/wav' };
const MADE_OF_TEXT = /^(text\/|application\/(xml|json|x-\w*subrip)$)/;

/** So many bytes from the beginning tell; a whole file may be shorter. */
export const TELLING_BYTES = 16 * 1024;

/** @returns undefined for what is not taken */
export async function natureOf(beginning: Uint8Array): Promise<Nature | undefined> {
  const found = (await fileTypeFromBuffer(beginning))?.mime.split(';')[0];
  if (found !== undefined && !MADE_OF_TEXT.test(found)) {
    const type = MEANS[found] ?? found;
    return TABLE.find((nature) => nature.type === type);
  }
  return isText(beginning) ? TEXT : undefined;
}

export const isPicture = (type: string): boolean => TABLE.some((nature) => nature.picture && nature.type === type);

function isText(bytes: Uint8Array): boolean {
  try {
    // The last letter may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no text has
    return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f]/.test(text);
  } catch {
    return false;
  }
}
