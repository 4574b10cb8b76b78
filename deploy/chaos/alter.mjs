// Changes one source text while Node loads it, in the services of one run alone: `node --import` a file that calls this.
import { registerHooks } from 'node:module';

/** @param {RegExp} file @param {string} before @param {string} after */
export function alter(file, before, after) {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!file.test(url)) return loaded;
      const source = String(loaded.source);
      if (!source.includes(before)) throw new Error(`${url} has changed: the place to alter is not found any more.`);
      return { ...loaded, source: source.replace(before, after) };
    },
  });
}
