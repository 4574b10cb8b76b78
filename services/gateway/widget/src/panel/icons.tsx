/** @jsxImportSource preact */
// The signs of the widget: one path each, drawn with the text's colour, and never read aloud (words stand beside them).
const ICONS = {
  down: 'M5 7.8l5 5 5-5',
  send: 'M10 16V4.6M5 9.4l5-5 5 5',
  check: 'M4 10.4l4 4 8-8.6',
  checks: 'M2 10.6l3.6 3.6 7-7.8M9.6 13.4l.9.8 7-7.8',
  clock: 'M16.8 10a6.8 6.8 0 1 1-13.6 0 6.8 6.8 0 0 1 13.6 0zM10 6v4l2.6 1.8',
  smile: 'M16.8 10a6.8 6.8 0 1 1-13.6 0 6.8 6.8 0 0 1 13.6 0zM7 12q3 3 6 0M8 8h.01M12 8h.01',
  eye: 'M2.4 10c1.8-3.2 4.4-4.8 7.6-4.8s5.8 1.6 7.6 4.8c-1.8 3.2-4.4 4.8-7.6 4.8S4.2 13.2 2.4 10zM12.3 10a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0z',
  mail: 'M4.8 4.6h10.4a2 2 0 0 1 2 2v6.8a2 2 0 0 1-2 2H4.8a2 2 0 0 1-2-2V6.6a2 2 0 0 1 2-2zM3.2 6l6.8 5 6.8-5',
  phone: 'M6.6 3.4l1.8 3.6-1.7 1.5a9.5 9.5 0 0 0 4.8 4.8l1.5-1.7 3.6 1.8-.6 3c-7.2.3-12.7-5.2-12.4-12.4z',
  clip: 'M14.6 9.4l-5 5a3.2 3.2 0 0 1-4.6-4.6l6-6a2.1 2.1 0 0 1 3 3l-5.8 5.8a1 1 0 0 1-1.5-1.5l5-5',
  camera:
    'M3 7.2a1.6 1.6 0 0 1 1.6-1.6h1.8l1.2-1.8h4.8l1.2 1.8h1.8A1.6 1.6 0 0 1 17 7.2v7.2a1.6 1.6 0 0 1-1.6 1.6H4.6A1.6 1.6 0 0 1 3 14.4zM12.8 10.6a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0z',
  cut: 'M3 8.2a10 10 0 0 1 4.4-2.6M10.4 5a10 10 0 0 1 6.6 3.2M5.4 11a6.6 6.6 0 0 1 3.6-2M12.6 9.6a6.4 6.4 0 0 1 2 1.4M3.4 3.4l13.2 13.2M10 14.8h.01',
} as const;

/** @param name a sign, or its path where it comes with code of its own */
export function Icon({ name, size = '' }: { name: keyof typeof ICONS | `M${string}`; size?: 'sm' | '' }) {
  return (
    <svg class={`i ${size}`} viewBox="0 0 20 20" aria-hidden="true">
      <path d={ICONS[name as 'down'] ?? name} />
    </svg>
  );
}
