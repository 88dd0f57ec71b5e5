// Runs before the first paint, so that a chosen theme never flashes the other one. The build puts
// it into the page (client/theme-script-plugin.ts). The key is the one in client/ui/theme.ts.
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme is used.
}
