/** @jsxImportSource preact */
// A menu of emoji above the field, fetched when its button is pressed. What is chosen stands where the visitor was writing, and he goes on there.
import { useEffect, useRef, useState } from 'preact/hooks';
import { deviceStorage, openKeep } from '../../keep.ts';
import { adopt } from '../adopt.ts';
import styles from './emoji.css?inline';
import { EMOJI } from './list.ts';
import { moved } from './moves.ts';
import { chosen, recentIn } from './recent.ts';
import { groupNames } from './words.ts';

adopt(styles);
const keep = openKeep(new URLSearchParams(location.search).get('site') ?? '', deviceStorage());

interface Props {
  /** Of the button that opens it. */
  name: string;
  onClose(): void;
}

export function Picker({ name, onClose }: Props) {
  const menu = useRef<HTMLDivElement>(null);
  /** The one that the keyboard comes to. */
  const [at, setAt] = useState(0);
  /** As it was: nothing moves while he chooses. */
  const [groups] = useState(() => [recentIn(keep), ...EMOJI]);
  const names = groupNames(document.documentElement.lang);
  const field = () => document.querySelector('.ta') as HTMLTextAreaElement;
  const close = () => {
    onClose();
    field().focus();
  };
  const choose = (emoji: string) => {
    const box = field();
    box.setRangeText(emoji, box.selectionStart, box.selectionEnd, 'end');
    box.dispatchEvent(new Event('input', { bubbles: true }));
    chosen(keep, emoji);
    close();
  };
  useEffect(() => {
    menu.current?.querySelector('button')?.focus();
    // Wherever the keyboard is: the panel stays.
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.stopPropagation();
      close();
    };
    document.addEventListener('keydown', onEscape, true);
    return () => document.removeEventListener('keydown', onEscape, true);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const signs = [...(menu.current?.querySelectorAll('button') ?? [])];
    const places = signs.map((sign) => sign.getBoundingClientRect());
    const to = moved(event.key, at, places, document.documentElement.dir === 'rtl');
    if (to === undefined) return;
    event.preventDefault();
    setAt(to);
    signs[to]?.focus();
  };
  let index = 0;
  return (
    <div ref={menu} class="co-emoji" role="menu" aria-label={name} onKeyDown={onKeyDown}>
      {groups.map(
        (group, of) =>
          group.length > 0 && (
            // biome-ignore lint/a11y/useSemanticElements: a group of a menu, no fields
            <div key={of} role="group" aria-label={names[of]}>
              {group.map((emoji) => (
                <button
                  key={emoji}
                  type="button"
                  role="menuitem"
                  tabIndex={index++ === at ? 0 : -1}
                  onClick={() => choose(emoji)}
                >
                  {emoji}
                </button>
              ))}
            </div>
          ),
      )}
    </div>
  );
}
