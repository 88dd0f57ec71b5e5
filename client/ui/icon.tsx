/** Icons drawn for this product on a 24 × 24 grid with a 2 px round pen. */
const PATHS = {
  add: 'M12 5v14M5 12h14',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6L6 18',
  collection: 'M4 9h16v11H4zM6 6h12M8 3h8',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  down: 'M6 9.5l6 6 6-6',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  edit: 'M5 19l1-4L16.5 4.5l3 3L9 18zM14 7l3 3',
  eye: 'M2.5 12C6 5.5 18 5.5 21.5 12 18 18.5 6 18.5 2.5 12zM12 9.5a2.5 2.5 0 1 0 .01 0',
  eyeOff:
    'M4 4l16 16M9.5 6.9c4.5-1.3 9.5.4 12 5.1a11 11 0 0 1-2.7 3.2M6 8.6A11 11 0 0 0 2.5 12c3 5.5 8.8 6.6 13.2 4.4',
  info: 'M12 4a8 8 0 1 0 .01 0M12 11v5M12 8v.1',
  left: 'M14.5 6l-6 6 6 6',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17',
  minus: 'M5 12h14',
  more: 'M5 11.5a.5.5 0 1 0 .01 0M12 11.5a.5.5 0 1 0 .01 0M19 11.5a.5.5 0 1 0 .01 0',
  picture: 'M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 17M15.5 9.2v.1',
  retry: 'M19 12a7 7 0 1 1-2.2-5.1L19 9M19 4v5h-5',
  right: 'M9.5 6l6 6-6 6',
  search: 'M10.5 4a6.5 6.5 0 1 0 .01 0M15.5 15.5L20 20',
  share: 'M12 15V4M7.5 8L12 3.5 16.5 8M6 12H5v8h14v-8h-1',
  sort: 'M5 7h14M7.5 12h9M10 17h4',
  sound: 'M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  star: 'M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z',
  tag: 'M4 4h7.5l8.5 8.5-7.5 7.5L4 11.5zM8 8v.1',
  trash: 'M4 7h16M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.5 11v5M13.5 11v5',
  words: 'M5 7h14M5 12h9M5 17h12',
  warning: 'M12 4L2.5 20h19zM12 10v4.5M12 17.2v.1',
} as const;

export type IconName = keyof typeof PATHS;

/**
 * A decorative icon, hidden from screen readers. Use it beside text or in a control with its own
 * name.
 */
export function Icon(props: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
