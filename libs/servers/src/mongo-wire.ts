// Sends one admin command to a loopback mongod (OP_MSG), so that a replica set is initiated without a driver.
import { connect } from 'node:net';
import { type BsonDocument, decodeBson, encodeBson } from './bson.ts';

const OP_MSG = 2013;
const HEADER_BYTES = 16;
/** Header, flags and the kind of the only section come before the document. */
const DOCUMENT_AT = HEADER_BYTES + 5;

/** mongod took the command and refused it. */
export class MongoCommandError extends Error {
  override name = 'MongoCommandError';
  readonly code: number | undefined;
  constructor(message: string, code: number | undefined) {
    super(message);
    this.code = code;
  }
}

/** Resolves with the reply; throws `MongoCommandError` when the server answers `ok: 0`. */
export function mongoCommand(
  port: number,
  command: BsonDocument,
  { db = 'admin', timeoutMs = 5000 } = {},
): Promise<BsonDocument> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    let received = Buffer.alloc(0);
    socket.setTimeout(timeoutMs, () => fail(new Error(`mongod on port ${port} did not answer in ${timeoutMs} ms`)));
    socket.on('error', fail);
    socket.on('close', () => fail(new Error(`mongod on port ${port} closed the connection`)));
    socket.on('connect', () => socket.write(frame({ ...command, $db: db })));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < received.readInt32LE(0)) return;
      const reply = decodeBson(received.subarray(DOCUMENT_AT));
      if (reply.ok === 1) {
        resolve(reply);
        socket.destroy();
      } else {
        const code = typeof reply.code === 'number' ? reply.code : undefined;
        fail(new MongoCommandError(String(reply.errmsg ?? 'the command failed'), code));
      }
    });
  });
}

function frame(document: BsonDocument): Buffer {
  const body = Buffer.concat([Buffer.alloc(DOCUMENT_AT - HEADER_BYTES), encodeBson(document)]);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + body.length, 0);
  header.writeInt32LE(1, 4);
  header.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([header, body]);
}
