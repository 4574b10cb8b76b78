import { mongo } from 'mongoose';

const DUPLICATE_KEY = 11_000;

/**
 * Somebody else has put a document under this key. An upsert that compares `_id` alone never meets it: when another one was first, MongoDB (from 4.2 on) does it
 * again as an update. One that compares anything besides does, and so does an insert.
 */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
