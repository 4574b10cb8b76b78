// The console's icons: 20 × 20, one stroke. They are decoration; the control that carries one has the words.
import type { ReactNode } from 'react';

const SHAPES = {
  mark: <path d="M18 16.6H10.2a6.6 6.6 0 1 1 6.6-6.6" />,
  inbox: (
    <>
      <path d="M3 11.5 5.2 4.4h9.6L17 11.5v4.1H3z" />
      <path d="M3 11.5h4a3 3 0 0 0 6 0h4" />
    </>
  ),
  crm: (
    <>
      <path d="M2.8 10h3.4M13.8 10h3.4" />
      <rect x="6.2" y="6" width="7.6" height="8" rx="2" />
      <path d="M8.4 10.1l1.2 1.2 2.2-2.5" />
    </>
  ),
  keys: (
    <>
      <rect x="2.4" y="5" width="15.2" height="10" rx="2" />
      <path d="M5.6 8.4h.01M8.6 8.4h.01M11.6 8.4h.01M14.5 8.4h.01M5.6 11.8h.01M14.5 11.8h.01" strokeWidth="1.9" />
      <path d="M8.2 11.8h3.6" />
    </>
  ),
  survey: (
    <>
      <rect x="4" y="3" width="12" height="14.4" rx="2" />
      <path d="M7 7.4l.8.8 1.4-1.6M11.4 7.4h2M7 12l.8.8 1.4-1.6M11.4 12h2" />
    </>
  ),
  clip: <path d="M14.6 9.4l-5 5a3.2 3.2 0 0 1-4.6-4.6l6-6a2.1 2.1 0 0 1 3 3l-5.8 5.8a1 1 0 0 1-1.5-1.5l5-5" />,
  paper: <path d="M5 2.8h6.4L15 6.4v10.8H5zM11.2 3v3.6H15" />,
  moon: <path d="M16.4 11.8A6.8 6.8 0 1 1 8.2 3.6a5.4 5.4 0 0 0 8.2 8.2z" />,
  search: (
    <>
      <circle cx="9" cy="9" r="5.2" />
      <path d="M13 13l3.8 3.8" />
    </>
  ),
  person: (
    <>
      <circle cx="10" cy="7" r="3.2" />
      <path d="M3.8 16.8c.6-3.4 3-5.2 6.2-5.2s5.6 1.8 6.2 5.2" />
    </>
  ),
  mail: (
    <>
      <rect x="2.8" y="4.6" width="14.4" height="10.8" rx="2" />
      <path d="M3.2 6l6.8 5 6.8-5" />
    </>
  ),
  phone: (
    <path d="M4.2 3.6h2.6l1.3 3.3-1.7 1.3c.9 2 2.5 3.6 4.5 4.5l1.3-1.7 3.3 1.3v2.6c0 .8-.6 1.4-1.4 1.4C8.3 16 3.6 11 2.9 5c0-.8.5-1.4 1.3-1.4z" />
  ),
  language: (
    <path d="M2.8 5.2h8M6.8 3.4v1.8M9.2 5.2c-.6 3-2.6 5.2-5.8 6.6M4.6 7.6c1 2 2.6 3.4 4.8 4.2M10 16.6l3.4-8 3.4 8M11.2 14h4.4" />
  ),
  check: <path d="M4 10.4l4 4 8-8.6" />,
  checks: <path d="M2 10.6l3.6 3.6 7-7.8M9.6 13.4l.9.8 7-7.8" />,
  eye: (
    <>
      <path d="M2.4 10c1.8-3.2 4.4-4.8 7.6-4.8s5.8 1.6 7.6 4.8c-1.8 3.2-4.4 4.8-7.6 4.8S4.2 13.2 2.4 10z" />
      <circle cx="10" cy="10" r="2.3" />
    </>
  ),
  copy: (
    <>
      <rect x="6.6" y="6.6" width="10" height="10" rx="1.8" />
      <path d="M13 6.4V4.8a1.4 1.4 0 0 0-1.4-1.4H4.8a1.4 1.4 0 0 0-1.4 1.4v6.8A1.4 1.4 0 0 0 4.8 13h1.6" />
    </>
  ),
  edit: (
    <>
      <path d="M4 16l.8-3.4L13.4 4l2.6 2.6-8.6 8.600z" />
      <path d="M11.6 5.800l2.6 2.6" />
    </>
  ),
  back: <path d="M16 10H4M9 5l-5 5 5 5" />,
  info: (
    <>
      <circle cx="10" cy="10" r="6.8" />
      <path d="M10 9.4v4" />
      <path d="M10 6.7h.01" strokeWidth="2" />
    </>
  ),
  send: <path d="M10 16V4.6M5 9.4l5-5 5 5" />,
  plus: <path d="M10 4v12M4 10h12" />,
  cross: <path d="M5 5l10 10M15 5L5 15" />,
  warning: (
    <>
      <path d="M10 3.4l7.4 13H2.6z" />
      <path d="M10 8v4" />
      <path d="M10 14.2h.01" strokeWidth="2" />
    </>
  ),
  clock: (
    <>
      <circle cx="10" cy="10" r="6.8" />
      <path d="M10 6v4l2.6 1.8" />
    </>
  ),
  pause: <path d="M7 4.6v10.800M13 4.6v10.800" strokeWidth="2.2" />,
  play: <path d="M6.600 4.400l9 5.600-9 5.600z" />,
  retry: (
    <>
      <path d="M16 5v3.6h-3.6" />
      <path d="M15.6 8.6A6 6 0 1 0 16 11.4" />
    </>
  ),
  out: <path d="M8 4.6H4.6v10.8h10.8V12M11.6 4h4.4v4.4M15.6 4.4l-6.4 6.4" />,
  leave: <path d="M8.4 4H4.6v12h3.8M8.6 10H17M13.6 6.6 17 10l-3.4 3.4" />,
  globe: (
    <>
      <circle cx="10" cy="10" r="6.8" />
      <path d="M3.4 10h13.2M10 3.2c2 2 2.8 4.2 2.8 6.8s-.8 4.8-2.8 6.8c-2-2-2.8-4.2-2.8-6.800S8 5.2 10 3.2z" />
    </>
  ),
  calendar: (
    <>
      <rect x="3" y="4.4" width="14" height="12.2" rx="2" />
      <path d="M3 8.4h14M6.8 2.8v3M13.2 2.8v3" />
    </>
  ),
  down: <path d="M5 7.8l5 5 5-5" />,
  flag: <path d="M5 17V3.6M5 4.200h9.600l-2 3.400 2 3.400H5" />,
  card: (
    <>
      <rect x="3" y="3.6" width="14" height="12.8" rx="2" />
      <path d="M3.2 8.6h13.6M6 13h3.4M11.6 13H14" />
    </>
  ),
  spark: <path d="M10 3.200v3.400M10 13.400v3.400M3.200 10h3.400M13.400 10h3.400" />,
} satisfies Record<string, ReactNode>;
export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = '' }: { name: IconName; size?: '' | 'sm' | 'xs' }) {
  return (
    <svg className={`i ${size}`} viewBox="0 0 20 20" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}
