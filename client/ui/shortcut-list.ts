/** All keyboard shortcuts: the key labels and the dictionary keys of their descriptions. */
export const SHORTCUTS = [
  [['/'], 'keys.search'],
  [['←', '→', '↑', '↓'], 'keys.walk'],
  [['Home', 'End'], 'keys.ends'],
  [['Enter'], 'keys.openOne'],
  [['x', 'Space'], 'keys.select'],
  [['Shift', '← ↑ → ↓'], 'keys.selectMore'],
  [['Ctrl', 'A'], 'keys.selectAll'],
  [['t'], 'keys.tag'],
  [['Delete'], 'keys.delete'],
  [['+', '−', '0'], 'keys.zoom'],
  [['← ↑ → ↓'], 'keys.pan'],
  [['Space'], 'keys.play'],
  [['Ctrl', 'Enter'], 'keys.save'],
  [['Ctrl', 'V'], 'keys.paste'],
  [['Esc'], 'keys.close'],
  [['?'], 'keys.help'],
] as const;
