// How a site's widget looks, from its settings to what the browser needs of them: custom properties of the launcher and of the panel. Text can be read on
// every accent: what would be too pale or too dark is moved until it stands out as WCAG AA asks. Pure.
import type { SiteSettings, WidgetSettings } from '@continuo/contracts';

/** Of small text, WCAG 2.2 AA. */
export const READABLE = 4.5;
/** Grounds that text in the accent stands on, and the ink that it is moved towards. */
const LIGHT = { surface: '#ffffff', fill: '#e9eeeb', ink: '#15201c' };
const DARK = { surface: '#151c19', fill: '#24302b', ink: '#e7eeea' };
const [WHITE, BLACK] = ['#ffffff', '#000000'];

export type Style = Record<`--${string}`, string>;

export function launcherStyle(accent: string | undefined, widget: WidgetSettings): Style {
  const { side, offset, zIndex, launcher, avatar } = widget;
  const x = `${offset?.x ?? 20}px`;
  return {
    // Below the gateway's address; the only thing in quotes.
    ...(launcher === 'face' && avatar && { '--face': `url("${avatar}")` }),
    ...(accent && { '--site': accent, '--on-site': on(accent) }),
    ...(side === 'left' ? { '--left': x, '--right': 'auto' } : offset && { '--right': x }),
    ...(offset && { '--bottom': `${offset.y}px` }),
    ...(zIndex !== undefined && { '--z': `${zIndex}` }),
  };
}

export function panelStyle(accent: string | undefined): Style {
  if (!accent) return {};
  const ink = `light-dark(${inkOn(LIGHT, accent)}, ${inkOn(DARK, accent)})`;
  return {
    '--c-accent': accent,
    '--c-accent-hover': mix(accent, on(accent) === WHITE ? '#000000' : WHITE, 0.86),
    '--c-accent-ink': ink,
    '--c-focus': ink,
    '--c-accent-soft': `light-dark(${softOn(LIGHT, accent)}, ${softOn(DARK, accent)})`,
    '--c-bubble-mine': accent,
    '--c-on-bubble': on(accent),
    '--c-on-accent': on(accent),
    '--c-on-accent-2': until((share) => mix(accent, on(accent), share), [accent], 0.18),
  };
}

/** White where it can be read, as on our own. */
const on = (accent: string): string => (contrast(WHITE, accent) >= READABLE ? WHITE : BLACK);

const softOn = ({ surface }: typeof LIGHT, accent: string): string => mix(accent, surface, 0.14);
const inkOn = (theme: typeof LIGHT, accent: string): string =>
  until((share) => mix(accent, theme.ink, share), [theme.surface, theme.fill, softOn(theme, accent)], 0.86);

/** As much of the accent as can be read. */
function until(made: (share: number) => string, grounds: readonly string[], share: number): string {
  const tried = made(share);
  const reads = grounds.every((ground) => contrast(tried, ground) >= READABLE);
  return reads || share <= 0 ? tried : until(made, grounds, Math.max(0, share - 0.02));
}

/** @param share of the first */
function mix(one: string, other: string, share: number): string {
  const [first, second] = [partsOf(one), partsOf(other)];
  const mixed = first.map((part, index) => Math.round(part * share + (second[index] ?? 0) * (1 - share)));
  return `#${mixed.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

const partsOf = (colour: string): number[] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** By WCAG, of two colours `#rrggbb`. */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = partsOf(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const written = (style: Style): string =>
  Object.entries(style)
    .map((pair) => pair.join(':'))
    .join(';');

/** What the widget reads of it; only what differs from everywhere. */
export function lookParts({ accent, widget = {} }: Pick<SiteSettings, 'accent' | 'widget'>) {
  const { openAfterSeconds, words, avatar } = widget;
  const said = Object.entries(words ?? {}).flatMap(([language, { greeting }]) =>
    greeting ? [[language, greeting] as const] : [],
  );
  return {
    style: written(launcherStyle(accent, widget)),
    ...(openAfterSeconds !== undefined && { openAfter: openAfterSeconds * 1_000 }),
    panel: { style: written(panelStyle(accent)), greeting: Object.fromEntries(said), ...(avatar && { avatar }) },
  };
}
