// The part of BSON that admin commands to mongod need. An ObjectId stays bytes and goes back unchanged.

export type BsonValue =
  | string
  | number
  | boolean
  | bigint
  | null
  | Date
  | ObjectId
  | Buffer
  | BsonValue[]
  | BsonDocument;
export interface BsonDocument {
  [key: string]: BsonValue;
}

/** Kept as bytes: a replica set's settings hold one. */
export interface ObjectId {
  objectId: Buffer;
}

export function encodeBson(document: BsonDocument): Buffer {
  const parts: Buffer[] = [];
  for (const [key, value] of Object.entries(document)) {
    const [type, bytes] = encodeValue(value);
    parts.push(Buffer.from([type]), Buffer.from(`${key}\0`), bytes);
  }
  const content = Buffer.concat(parts);
  return Buffer.concat([int32(content.length + 5), content, Buffer.from([0])]);
}

function encodeValue(value: BsonValue): [type: number, bytes: Buffer] {
  if (typeof value === 'string') {
    const text = Buffer.from(`${value}\0`);
    return [0x02, Buffer.concat([int32(text.length), text])];
  }
  if (typeof value === 'boolean') return [0x08, Buffer.from([value ? 1 : 0])];
  if (typeof value === 'bigint') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return [0x12, bytes];
  }
  if (typeof value === 'number' && Number.isInteger(value)) return [0x10, int32(value)];
  if (Array.isArray(value)) return [0x04, encodeBson(Object.fromEntries(value.entries()))];
  if (isObjectId(value)) return [0x07, value.objectId];
  if (isDocument(value)) return [0x03, encodeBson(value)];
  throw new TypeError(`cannot send the value ${String(value)} to mongod`);
}

export function decodeBson(bytes: Buffer): BsonDocument {
  const document: BsonDocument = {};
  const end = bytes.readInt32LE(0) - 1;
  let at = 4;
  while (at < end) {
    const nameEnd = bytes.indexOf(0, at + 1);
    const [value, size] = decodeValue(bytes.readUInt8(at), bytes.subarray(nameEnd + 1));
    document[bytes.toString('utf8', at + 1, nameEnd)] = value;
    at = nameEnd + 1 + size;
  }
  return document;
}

function decodeValue(type: number, bytes: Buffer): [value: BsonValue, size: number] {
  const size = () => bytes.readInt32LE(0);
  switch (type) {
    case 0x01:
      return [bytes.readDoubleLE(0), 8];
    case 0x02:
      return [bytes.toString('utf8', 4, 3 + size()), 4 + size()];
    case 0x03:
      return [decodeBson(bytes), size()];
    case 0x04:
      return [Object.values(decodeBson(bytes)), size()];
    case 0x05:
      return [Buffer.from(bytes.subarray(5, 5 + size())), 5 + size()];
    case 0x07:
      return [{ objectId: Buffer.from(bytes.subarray(0, 12)) }, 12];
    case 0x08:
      return [bytes[0] === 1, 1];
    case 0x09:
      return [new Date(Number(bytes.readBigInt64LE(0))), 8];
    case 0x0a:
      return [null, 0];
    case 0x10:
      return [bytes.readInt32LE(0), 4];
    case 0x11:
    case 0x12:
      return [bytes.readBigInt64LE(0), 8];
    default:
      throw new Error(`BSON type 0x${type.toString(16)} is not supported`);
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function isObjectId(value: BsonValue): value is ObjectId {
  return typeof value === 'object' && value !== null && Buffer.isBuffer((value as Partial<ObjectId>).objectId);
}

/** Buffers and dates are only ever read, never sent. */
function isDocument(value: BsonValue): value is BsonDocument {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value) && !(value instanceof Date);
}
