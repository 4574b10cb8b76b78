// Asks for the MongoDB that the tests of one run share, prints its address and lives on.
import { testMongoUrl } from '../src/index.ts';

console.log(await testMongoUrl());
process.stdin.resume();
