// jest transformer: erases the types exactly as Node does when it runs a service. Lines and columns stay where they are.
import { stripTypeScriptTypes } from 'node:module';

/** @type {import('@jest/transform').SyncTransformer} */
export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
