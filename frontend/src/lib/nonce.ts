/**
 * The nonce that the page's Content-Security-Policy allows `<style>` elements with.
 *
 * Mantine makes such elements for its variables and responsive properties and asks for the nonce; the
 * library behind its modals, which hides the page's scroll bar, takes it from `get-nonce`.
 */
import { setNonce } from 'get-nonce';

const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');

/** Empty where the page has none, as in tests. */
export const styleNonce = meta?.nonce ?? '';

if (styleNonce) setNonce(styleNonce);
