/** The shape of the phase flow: bands whose height is a value, each running into the next. Pure. */

export type Band = { x: number; top: number; bottom: number; path: string };

const EDGE = 4;
const GAP = 6;
const LEAST = 6;
/** Where a band begins to run into the next, as a share of its width. */
const BEND = 0.62;

/** Returns a band for each value, left to right, around the middle of `height`. */
export function bandsOf(values: readonly number[], width: number, height: number): Band[] {
  const greatest = Math.max(...values, 1);
  const heights = values.map((value) => Math.max(LEAST, (Math.max(0, value) / greatest) * height));
  const step = width / values.length;
  const middle = height / 2;
  return heights.map((own, place) => {
    const x = place * step;
    const next = heights[place + 1] ?? own * 0.9;
    const from = x + EDGE;
    const bend = x + step * BEND;
    const end = place === heights.length - 1 ? width : x + step - GAP;
    const half = (bend + end) / 2;
    const [top, bottom] = [middle - own / 2, middle + own / 2];
    const [endTop, endBottom] = [middle - next / 2, middle + next / 2];
    return {
      x,
      top,
      bottom,
      path: [
        `M ${from} ${top} L ${bend} ${top}`,
        `C ${half} ${top}, ${half} ${endTop}, ${end} ${endTop}`,
        `L ${end} ${endBottom}`,
        `C ${half} ${endBottom}, ${half} ${bottom}, ${bend} ${bottom}`,
        `L ${from} ${bottom} Z`,
      ].join(' '),
    };
  });
}
