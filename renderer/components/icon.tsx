import type { ReactElement } from 'react';

const icons = {
  mark: 'M4.5 14V2M4.5 2.5h8L10.5 5.5l2 3h-8M2.5 14h4',
  queue: 'M2.5 4h1M2.5 8h1M2.5 12h1M6 4h7.5M6 8h7.5M6 12h7.5',
  new: 'M4.5 2.5h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM8 5.5v5M5.5 8h5',
  monitor: 'M2.5 13.5h11M2.5 10l3-3.5 3 2 5-5.5',
  models: 'M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3',
  sync: 'M2.5 6.5A5.8 5.8 0 0 1 13 5M13.2 2v3.2H10M13.5 9.5A5.8 5.8 0 0 1 3 11M2.8 14v-3.2H6',
  settings:
    'M2 5h6M12 5h2M2 11h2M8 11h6M11.8 5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0zM7.8 11a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0z',
  search: 'M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM10.5 10.500L14 14',
  phone:
    'M4 2h2l1.2 3.2-1.5 1.2a8 8 0 0 0 3.9 3.9l1.2-1.5L14 10v2a1.8 1.8 0 0 1-2 1.8A10.8 10.8 0 0 1 2.2 4 1.8 1.8 0 0 1 4 2z',
  clock: 'M13.8 8a5.8 5.8 0 1 1-11.6 0 5.8 5.8 0 0 1 11.6 0zM8 4.800V8l2.2 1.5',
  care: 'M8 2l6.3 11.5H1.700zM8 6.200v3.400M8 11.400v.2',
  check: 'M3 8.5l3.2 3.200L13 4.8',
  cross: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  print:
    'M4.5 6V2.5h7V6M4.5 11.500H3.200A1.2 1.2 0 0 1 2 10.300V7.200A1.2 1.2 0 0 1 3.2 6h9.600A1.2 1.2 0 0 1 14 7.200v3.100a1.2 1.2 0 0 1-1.2 1.200h-1.300M4.5 9.500h7v4h-7z',
  more: 'M3.200 8h.6M7.700 8h.6M12.200 8h.6',
  offline: 'M2 6.5a9 9 0 0 1 12 0M4.5 9.3a5.2 5.2 0 0 1 7 0M8 12.5v.1M3 14L13 2',
  online: 'M2 6.5a9 9 0 0 1 12 0M4.5 9.3a5.2 5.2 0 0 1 7 0M8 12.5v.1',
  lock: 'M4.5 7h7A1.5 1.5 0 0 1 13 8.500v4a1.5 1.5 0 0 1-1.5 1.500h-7A1.5 1.5 0 0 1 3 12.500v-4A1.5 1.5 0 0 1 4.5 7zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  link: 'M6.5 9.5a2.8 2.8 0 0 0 4 0L13 7a2.8 2.8 0 0 0-4-4L8 4M9.5 6.5a2.8 2.8 0 0 0-4 0L3 9a2.8 2.8 0 0 0 4 4l1-1',
  export: 'M8 2v8M5 7.200L8 10l3-2.800M2.5 13.500h11',
  import: 'M8 10V2M5 4.800L8 2l3 2.800M2.5 13.500h11',
  pen: 'M3 12l.8-3L10.5 2.300l2.2 2.200L6 11.200zM2.5 14.500h11',
  back: 'M9.5 3.500L5 8l4.5 4.5',
  person: 'M10.500 5.500a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM3 13.500c.6-2.600 2.500-4 5-4s4.400 1.400 5 4',
  fold: 'M2.500 3.500h11v9h-11zM6 3.500v9',
} as const;

export type IconName = keyof typeof icons;

/** A line icon of 16 px; it never carries meaning alone. */
export function Icon(props: { readonly name: IconName }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={icons[props.name]} strokeWidth={props.name === 'more' ? 2.2 : undefined} />
    </svg>
  );
}
