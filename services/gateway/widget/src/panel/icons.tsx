/** @jsxImportSource preact */
// The signs of the widget: one path each, drawn with the text's colour, and never read aloud (words stand beside them).
export const ICONS = {
  down: 'M5 7.8l5 5 5-5',
  send: 'M10 16V4.6M5 9.4l5-5 5 5',
  check: 'M4 10.4l4 4 8-8.6',
  checks: 'M2 10.6l3.6 3.6 7-7.8M9.6 13.4l.9.8 7-7.8',
  clock: 'M16.8 10a6.8 6.8 0 1 1-13.6 0 6.8 6.8 0 0 1 13.6 0zM10 6v4l2.6 1.8',
  eye: 'M2.4 10c1.8-3.2 4.4-4.8 7.6-4.8s5.8 1.6 7.6 4.8c-1.8 3.2-4.4 4.8-7.6 4.8S4.2 13.2 2.4 10zM12.3 10a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0z',
  lock: 'M6.2 8.8h7.6a1.8 1.8 0 0 1 1.8 1.8v4a1.8 1.8 0 0 1-1.8 1.8H6.2a1.8 1.8 0 0 1-1.8-1.8v-4a1.8 1.8 0 0 1 1.8-1.8zM6.8 8.8V6.6a3.2 3.2 0 0 1 6.4 0v2.2',
  mail: 'M4.8 4.6h10.4a2 2 0 0 1 2 2v6.8a2 2 0 0 1-2 2H4.8a2 2 0 0 1-2-2V6.6a2 2 0 0 1 2-2zM3.2 6l6.8 5 6.8-5',
  retry: 'M16 5v3.6h-3.6M15.6 8.6A6 6 0 1 0 16 11.4',
  star: 'M10 2.9l2.2 4.6 5 .7-3.6 3.5.8 5-4.4-2.400-4.400 2.400.8-5L2.800 8.200l5-.7z',
  cut: 'M3 8.2a10 10 0 0 1 4.4-2.6M10.4 5a10 10 0 0 1 6.6 3.2M5.4 11a6.6 6.6 0 0 1 3.6-2M12.6 9.6a6.4 6.4 0 0 1 2 1.4M3.4 3.4l13.2 13.2M10 14.8h.01',
} as const;

export function Icon({ name, size = '' }: { name: keyof typeof ICONS; size?: 'sm' | '' }) {
  return (
    <svg class={`i ${size}`} viewBox="0 0 20 20" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}
