// What an event says of a file: its name and nature. The bytes never travel over the bus; the gateway keeps them under this id.
import { z } from 'zod';
import { id } from './people.ts';

export const MAX_FILES = 10;
/** Characters (UTF-16 units) of a name, as it is stored. */
export const MAX_FILE_NAME = 120;

const pixels = z.int().min(1).max(65_535);
export const attachedFile = z.strictObject({
  id,
  name: z.string().min(1).max(MAX_FILE_NAME).describe('one line, with the ending of its nature'),
  type: z
    .string()
    .regex(/^[a-z]+\/[\w.+-]{1,100}$/)
    .describe('by its content, never by what its sender says'),
  bytes: z.int().positive(),
  size: z.strictObject({ width: pixels, height: pixels }).optional().describe('of a picture, as its sender says'),
  preview: z.literal(true).optional().describe('there is a smaller picture of it'),
});
export const files = z.array(attachedFile).min(1).max(MAX_FILES);

export type AttachedFile = z.infer<typeof attachedFile>;
