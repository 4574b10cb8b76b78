// Front door of MongoDB.
export * from './collection-copy.ts';
export * from './connect.ts';
export * from './duplicate-key.ts';
export { expectKnown, migrate, NewerDataError, SCHEMA_COLLECTION, schemaVersion } from './migrate.ts';
export { type Migration, migrations } from './migrations.ts';
export * from './view.ts';
