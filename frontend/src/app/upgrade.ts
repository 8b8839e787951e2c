/**
 * A page that stayed open while the server was upgraded asks for parts that are gone. Loading it
 * again brings the new version; a part that is still missing then is a fault, and is shown.
 */
const TRIED = 'pulse-upgrade-tried';
const ONE_TRY_MS = 60_000;

export function reloadOnceAfterUpgrade(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const tried = Number(sessionStorage.getItem(TRIED) ?? 0);
    if (Date.now() - tried < ONE_TRY_MS) return;
    sessionStorage.setItem(TRIED, String(Date.now()));
    event.preventDefault();
    window.location.reload();
  });
}
