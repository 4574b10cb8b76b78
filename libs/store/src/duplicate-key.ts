import { mongo } from 'mongoose';

const DUPLICATE_KEY = 11_000;

/** Somebody else has put a document under this key. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
