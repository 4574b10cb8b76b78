// What the visitor sent and the gateway has not confirmed yet. It survives a reload, is shared by the tabs of a site and is sent again
// under the same command id, so a message is never lost and never doubled. It leaves only when its event comes back.
import type { GivenAnswer, Page, PressedButton } from '@continuo/contracts';
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
  refusal?: string | undefined;
} /** `files`: ids of files that are at the gateway; `file`: what the device knows of the one that it brought there. */ & (
  | { kind: 'message'; text: string; files?: string[]; file?: LocalFile; pressed?: PressedButton }
  /** A file on its way to the gateway; when it is there, a message with it takes its place. */
  | { kind: 'upload'; file: LocalFile }
  | { kind: 'offline'; text: string; email: string; phone?: TypedPhone }
  | { kind: 'email'; email: string; phone?: TypedPhone }
  | { kind: 'transcript'; to: string }
  | { kind: 'rating'; score: number; comment: string }
  | { kind: 'survey'; said: { message: number; answers: GivenAnswer[] } }
  | { kind: 'callback'; call: Call }
);

export interface Outbox {
  list(): readonly Parcel[];
  /** @returns whether the device keeps it, for other tabs and a reload */
  keep(parcel: Parcel): boolean;
  /** The event of one of these commands has come back. */
  settle(ids: Iterable<string>): void;
  /** Without a reason the visitor wants it sent again. */
  refuse(id: string, refusal?: string): void;
  /** Puts another parcel in the place of this one. */
  replace(id: string, parcel: Parcel): void;
}

/** Each parcel has a place of its own: a tab that writes knows only what the others wrote some time ago, and must overwrite none of it. */
const PLACES = 'outbox:';

export function openOutbox(keep: Keep): Outbox {
  const list = (): Parcel[] =>
    keep
      .names(PLACES)
      .flatMap((name) => keep.read<Parcel>(name) ?? [])
      .sort((a, b) => a.at - b.at);
  const write = (parcel: Parcel): boolean => {
    const name = PLACES + parcel.id;
    if (keep.write(name, parcel)) return true;
    // Unsent words are worth more than a transcript that can be fetched again.
    keep.write('transcript', undefined);
    return keep.write(name, parcel);
  };
  const settle = (ids: Iterable<string>): void => {
    for (const id of ids) if (keep.read(PLACES + id)) keep.write(PLACES + id, undefined);
  };

  return {
    list,
    // In the order in which it was written, also what was written in the same moment.
    keep: (parcel) => write({ ...parcel, at: Math.max(parcel.at, (list().at(-1)?.at ?? 0) + 1) }),
    settle,
    refuse(id, refusal) {
      const parcel = keep.read<Parcel>(PLACES + id);
      if (parcel) write({ ...parcel, refusal });
    },
    replace(id, parcel) {
      write(parcel);
      if (parcel.id !== id) settle([id]);
    },
  };
}
