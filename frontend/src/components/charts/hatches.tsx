/** The five hatched fills of charts: what was lost or is only expected. Refer to them by `hatch(hue)`. */
import { HUES, type Hue } from '@/theme/palette';

export const hatch = (hue: Hue): string => `url(#pp-hatch-${hue})`;

/** Put once into the page; charts of any SVG refer to it. */
export function HatchPatterns() {
  return (
    <svg width={0} height={0} style={{ position: 'absolute' }} aria-hidden focusable={false}>
      <defs>
        {HUES.map((hue) => (
          <pattern
            key={hue}
            id={`pp-hatch-${hue}`}
            width={6}
            height={6}
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width={6} height={6} fill={`var(--pp-${hue}-mid)`} />
            <rect width={2} height={6} fill={`var(--pp-${hue})`} />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}
