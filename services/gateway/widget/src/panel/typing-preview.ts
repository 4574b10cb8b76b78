// Lets agents see the text while it is typed, where the site wants that: at most one frame in 300 ms, always the latest text, never stored.
import type { Surroundings } from '../connection.ts';

const EVERY_MS = 300;

export interface TypingPreview {
  type(text: string): void;
  /** The text was sent or is gone: what waits here is not sent after it. */
  stop(): void;
}

export function openTypingPreview(
  show: (text: string) => void,
  later: Surroundings['later'] = runLater,
): TypingPreview {
  let latest: string | undefined;
  let resting = false;
  let cancel = () => {};

  function go(): void {
    if (latest === undefined) {
      resting = false;
      return;
    }
    const text = latest;
    latest = undefined;
    resting = true;
    cancel = later(EVERY_MS, go);
    show(text);
  }
  return {
    type(text) {
      latest = text;
      if (!resting) go();
    },
    stop() {
      latest = undefined;
      resting = false;
      cancel();
    },
  };
}

function runLater(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
