// Front door of MongoDB.
export * from './collection-copy.ts';
export * from './connect.ts';
export * from './view.ts';
