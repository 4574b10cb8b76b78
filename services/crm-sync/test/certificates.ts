// Certificates for tests, made when they are needed: an authority of one's own, and what it signs for which name and until when. Nothing else of X.509 than that.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  cert: string;
  key: string;
}
export interface Authority extends Certificate {
  /** @param names that it stands for; an address like 127.0.0.1 as well */
  issue(names: readonly string[], validity?: { from?: Date; until?: Date }): Certificate;
}
const DAY_MS = 24 * 3_600_000;

export function newAuthority(name = 'Authority of a test'): Authority {
  const { publicKey, privateKey } = newKey();
  const signer = { name, privateKey };
  const cert = certificate({ subject: name, publicKey, signer, extensions: [BASIC_CONSTRAINTS_CA] });
  return {
    cert,
    key: pem(privateKey),
    issue(names, validity) {
      const own = newKey();
      const extensions = [alternativeNames(names)];
      const made = certificate({ subject: names[0] ?? 'x', publicKey: own.publicKey, signer, extensions, ...validity });
      return { cert: made, key: pem(own.privateKey) };
    },
  };
}

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

interface Wanted {
  subject: string;
  publicKey: KeyObject;
  signer: { name: string; privateKey: KeyObject };
  extensions: readonly Buffer[];
  from?: Date;
  until?: Date;
}
function certificate({ subject, publicKey, signer, extensions, from, until }: Wanted): string {
  const validity = sequence(time(from ?? new Date(Date.now() - DAY_MS)), time(until ?? new Date(Date.now() + DAY_MS)));
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    distinguishedName(signer.name),
    validity,
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, signer.privateKey);
  const whole = sequence(toBeSigned, ECDSA_WITH_SHA256, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

// DER: a tag, the length, the content.
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const integer = (value: Buffer): Buffer => tagged(0x02, value);
const identifier = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));
const time = (at: Date): Buffer =>
  tagged(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));
const distinguishedName = (name: string): Buffer =>
  sequence(tagged(0x31, sequence(identifier('550403'), tagged(0x0c, Buffer.from(name)))));
const ECDSA_WITH_SHA256 = sequence(identifier('2a8648ce3d040302'));
const extension = (id: string, content: Buffer, critical = false): Buffer =>
  sequence(identifier(id), ...(critical ? [tagged(0x01, Buffer.from([0xff]))] : []), tagged(0x04, content));
const BASIC_CONSTRAINTS_CA = extension('551d13', sequence(tagged(0x01, Buffer.from([0xff]))), true);
const alternativeNames = (names: readonly string[]): Buffer =>
  extension(
    '551d11',
    sequence(
      ...names.map((name) =>
        /^[\d.]+$/.test(name)
          ? tagged(0x87, Buffer.from(name.split('.').map(Number)))
          : tagged(0x82, Buffer.from(name)),
      ),
    ),
  );
