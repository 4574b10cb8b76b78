// A stream that lets through exactly so many bytes, and fails as soon as there is one too many, or at the end when one is missing.
import { Transform } from 'node:stream';
import { WrongLengthError } from './file-bytes.ts';

export function exactly(bytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      seen += chunk.length;
      if (seen > bytes) next(new WrongLengthError(`more than the ${bytes} bytes that were said`));
      else next(null, chunk);
    },
    flush(next) {
      next(seen < bytes ? new WrongLengthError(`${seen} of ${bytes} bytes came`) : null);
    },
  });
}
