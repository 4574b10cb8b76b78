// The desk is rolled up to a snapshot every few events instead of every thousand, so that a run of minutes sees what comes once in days.
import { alter } from './alter.mjs';

alter(/\/services\/conversation\/src\/service\.ts$/, 'const SNAPSHOT_EVERY = 1_000;', 'const SNAPSHOT_EVERY = 10;');
