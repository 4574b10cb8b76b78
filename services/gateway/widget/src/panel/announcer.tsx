/** @jsxImportSource preact */
// What a screen reader says that does not stand in the log as words: who types, and that a file has arrived. One place that is always there, since browsers
// speak only of what changes in a place that they know.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { State } from '../client.ts';
import type { Texts } from '../locales/en.ts';
import { tidings } from './tidings.ts';

/** The same is not said again sooner. */
const CALM = 10_000;

export function Announcer({ state, texts }: { state: State; texts: Texts }) {
  const [words, say] = useState('');
  const before = useRef(state);
  useEffect(() => {
    const news = tidings(before.current, state, texts);
    before.current = state;
    if (news) say(news);
  });
  useEffect(() => {
    const timer = setTimeout(() => say(''), CALM);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <p class="sr" role="status">
      {words}
    </p>
  );
}
