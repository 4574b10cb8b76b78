// A site may replace the accent, and nothing else. The other four tones follow from it; that text on it can be read, the settings check.
export function accentStyles(accent: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(accent)) return ':root {}';
  const mix = (share: number, other: string) => `color-mix(in srgb, ${accent} ${share}%, ${other})`;
  return `:root {
    --c-accent: ${accent};
    --c-accent-hover: ${mix(86, '#000')};
    --c-accent-ink: ${mix(86, 'var(--c-ink)')};
    --c-accent-soft: ${mix(14, 'var(--c-surface)')};
    --c-bubble-mine: ${accent};
    --c-on-accent: #fff;
    --c-on-accent-2: ${mix(18, '#fff')};
    --c-focus: ${mix(70, 'var(--c-ink)')};
  }`;
}
