// What the visitor sent and the gateway has not confirmed yet. It survives a reload, is shared by the tabs of a site and is sent again
// under the same command id, so a message is never lost and never doubled. It leaves only when its event comes back.
import type { Page, PressedButton } from '@continuo/contracts';
import type { Keep } from './keep.ts';

/** A file as this device knows it; its content lies beside the outbox, under the parcel's id. */
export interface LocalFile {
  name: string;
  type: string;
  bytes: number;
}
/** As the visitor typed it, and where a number without + is meant to be. */
export interface TypedPhone {
  phone: string;
  country?: string;
}
/** Without a window he wants to be called as soon as somebody can. */
export interface Call extends TypedPhone {
  window?: { from: number; until: number };
  topic?: string;
}
export type Parcel = {
  /** Id of the command, made once; also its identity on the screen. */
  id: string;
  at: number;
  /** Where the visitor was, if that may be told. */
  page?: Page;
  /** Why the gateway refused it; it stays here until the visitor sends it again. */
  refusal?: string;
} /** `files`: ids of files that are at the gateway; `file`: what the device knows of the one that it brought there. */ & (
  | { kind: 'message'; text: string; files?: string[]; file?: LocalFile; pressed?: PressedButton }
  /** A file on its way to the gateway; when it is there, a message with it takes its place. */
  | { kind: 'upload'; file: LocalFile }
  | { kind: 'offline'; text: string; email: string; phone?: TypedPhone }
  | { kind: 'email'; email: string }
  | { kind: 'transcript'; to: string }
  | { kind: 'rating'; score: number; comment: string }
  | { kind: 'callback'; call: Call }
);

export interface Outbox {
  list(): readonly Parcel[];
  keep(parcel: Parcel): void;
  /** The event of one of these commands has come back. */
  settle(ids: Iterable<string>): void;
  refuse(id: string, refusal: string): void;
  /** The visitor wants it sent again. */
  forgive(id: string): void;
  /** Puts another parcel in the place of this one. */
  replace(id: string, parcel: Parcel): void;
}

const NAME = 'outbox';

export function openOutbox(keep: Keep): Outbox {
  // Read before every write: another tab of the site may have changed it since.
  const list = (): Parcel[] => keep.read<Parcel[]>(NAME) ?? [];
  const write = (parcels: Parcel[]): void => {
    const value = parcels.length > 0 ? parcels : undefined;
    if (keep.write(NAME, value)) return;
    // Unsent words are worth more than a transcript that can be fetched again.
    keep.write('transcript', undefined);
    keep.write(NAME, value);
  };

  return {
    list,
    keep(parcel) {
      write([...list().filter((other) => other.id !== parcel.id), parcel]);
    },
    settle(ids) {
      const settled = new Set(ids);
      const before = list();
      const rest = before.filter((parcel) => !settled.has(parcel.id));
      if (rest.length < before.length) write(rest);
    },
    refuse(id, refusal) {
      write(list().map((parcel) => (parcel.id === id ? { ...parcel, refusal } : parcel)));
    },
    forgive(id) {
      write(list().map((parcel) => (parcel.id === id ? withoutRefusal(parcel) : parcel)));
    },
    replace(id, parcel) {
      write(list().map((other) => (other.id === id ? parcel : other)));
    },
  };
}

function withoutRefusal({ refusal: _refusal, ...parcel }: Parcel): Parcel {
  return parcel as Parcel;
}
