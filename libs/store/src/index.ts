// Front door of MongoDB.
export * from './connect.ts';
export * from './view.ts';
