// A fault planted on purpose, to see the checker find it: the gateway acknowledges visitors' messages before it has sent them on.
import { alter } from './alter.mjs';

const BEFORE = 'connection.commands.set(id, {});';
alter(
  /\/services\/gateway\/src\/forward\.ts$/,
  BEFORE,
  `${BEFORE} if (name === 'send-message' && actor.kind === 'visitor') send(connection, { t: 'done', id, number: 0 });`,
);
