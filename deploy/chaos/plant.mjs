// A fault planted on purpose, to see the checker find it: changes one source text while Node loads it, in the services of this run alone.
// `node --import deploy/chaos/plant.mjs`: the gateway acknowledges visitors' messages before it has sent them on.
import { registerHooks } from 'node:module';

const FILE = /\/services\/gateway\/src\/forward\.ts$/;
const BEFORE = 'connection.commands.set(id, {});';
const AFTER = `${BEFORE} if (name === 'send-message' && actor.kind === 'visitor') send(connection, { t: 'done', id, number: 0 });`;

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!FILE.test(url)) return loaded;
    const source = String(loaded.source);
    if (!source.includes(BEFORE)) throw new Error(`${url} has changed: plant.mjs does not find its place any more.`);
    return { ...loaded, source: source.replace(BEFORE, AFTER) };
  },
});
