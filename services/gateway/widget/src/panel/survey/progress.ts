// How far the visitor has come in a survey, kept on the device from answer to answer: a reload goes on where he was. Whoever gave an answer and none for a
// long while has stopped: what he has said goes out as it is. Pure.
import type { GivenAnswer } from '@continuo/contracts';

export interface Progress {
  /** Of the question he is at, from 1. */
  place: number;
  answers: readonly GivenAnswer[];
  /** What he has chosen or typed there, and not confirmed yet. */
  now?: GivenAnswer | undefined;
  /** When he last did something. */
  at: number;
}

export const STOPPED_AFTER_MS = 10 * 60_000;

export const atStart = (at: number): Progress => ({ place: 1, answers: [], at });

/** At this question he says this instead of what he had said; nothing takes it back. */
export const saying = (progress: Progress, now: GivenAnswer | undefined, at: number): Progress => ({
  ...progress,
  now: now && 'text' in now && now.text.trim() === '' ? undefined : now,
  at,
});

/** All that he has said, also what he has not confirmed. */
export const saidIn = ({ answers, now }: Progress): GivenAnswer[] => (now ? [...answers, now] : [...answers]);

export const onward = (progress: Progress, at: number): Progress => ({
  place: progress.place + 1,
  answers: saidIn(progress),
  at,
});

/** @returns in how many milliseconds he counts as having stopped; nothing while there is nothing to lose */
export const stopsIn = (progress: Progress, now: number): number | undefined =>
  saidIn(progress).length > 0 ? Math.max(0, progress.at + STOPPED_AFTER_MS - now) : undefined;
