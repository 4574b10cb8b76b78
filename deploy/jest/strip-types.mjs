// jest transformer: erases the types exactly as Node does when it runs a service. Lines and columns stay where they are.
import { stripTypeScriptTypes } from 'node:module';
// Every worker loads its transformer, and outside of the tests' own world, where `process` is a copy.
import './ends-with-run.mjs';

/** @type {import('@jest/transform').SyncTransformer} */
export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
