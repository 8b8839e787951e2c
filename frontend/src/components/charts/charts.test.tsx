import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { axisOf, formatMark, formatTick, stepOf, unitOf, unitWords } from './scale';
import { Sparkline } from './sparkline';
import { conclusionOf, stepsOf, type WaterfallBar } from './steps';
import { Waterfall, WaterfallLegend } from './waterfall';

const WEEK: readonly WaterfallBar[] = [
  { key: 'start', label: 'Start', kind: 'total', value: 46_475_240, deals: 205, note: '10 Aug' },
  { key: 'new', label: 'New', kind: 'added', value: 3_180_000, deals: 18 },
  { key: 'decreased', label: 'Decreased', kind: 'reduced', value: -410_000, deals: 7 },
  {
    key: 'won',
    label: 'Won',
    kind: 'won',
    value: -740_000.5,
    deals: 4,
    mark: '1 deal has no rate',
  },
  { key: 'lost', label: 'Lost', kind: 'lost', value: 0, deals: 0 },
  { key: 'end', label: 'End', kind: 'total', value: 48_505_239.5, deals: 212, note: '17 Aug' },
];
const STILL: readonly WaterfallBar[] = [
  { key: 'start', label: 'Start', kind: 'total', value: 1_000, deals: 1 },
  { key: 'new', label: 'New', kind: 'added', value: 0, deals: 0 },
  { key: 'end', label: 'End', kind: 'total', value: 1_000, deals: 1 },
];
/** A panel of 350 px, as on a phone. */
class Narrow {
  private readonly told: ResizeObserverCallback;
  constructor(told: ResizeObserverCallback) {
    this.told = told;
  }
  observe(): void {
    const entry = { contentRect: { width: 350, height: 300 } } as ResizeObserverEntry;
    this.told([entry], this);
  }
  unobserve(): void {
    /* it never changes */
  }
  disconnect(): void {
    /* as above */
  }
}
const AnyWidth = window.ResizeObserver;

const NOTHING = STILL.map((bar) => ({ ...bar, value: 0, deals: 0 }));

describe('the scale', () => {
  test('begins at zero where what moved is seen so, and is broken where it would not be', () => {
    expect(axisOf([0, 100, 40])).toMatchObject({ from: 0, isBroken: false });
    expect(axisOf([100, 49])).toMatchObject({ from: 0, isBroken: false });
    const broken = axisOf([46.48, 49.66, 51.76, 48.62]);
    expect(broken.isBroken).toBe(true);
    expect(broken.from).toBeCloseTo(46.48 - 0.35 * 5.28);
    expect(broken.ticks).toEqual([46, 48, 50, 52]);
  });

  test('shows what went below zero, and what did not move at all', () => {
    const below = axisOf([-30, 70]);
    expect(below).toMatchObject({ from: -30, isBroken: false });
    expect(below.ticks).toEqual([-25, 0, 25, 50, 75]);
    expect(axisOf([1_000, 1_000])).toMatchObject({ from: 0, isBroken: false });
    expect(axisOf([0, 0]).ticks).toContain(0);
  });

  test.each([
    [10, 4, 2.5],
    [5.28, 4, 2],
    [4, 4, 1],
    [1_900_000, 4, 500_000],
  ])('a span of %d in %d steps goes by %d', (span, steps, step) => {
    expect(stepOf(span, steps)).toBe(step);
  });

  test('figures are short in the unit that the title tells, and never read as nothing', () => {
    const million = unitOf([46_475_240, 3_180_000]);
    expect(unitWords(million, 'SGD')).toBe('S$ million');
    expect(formatMark(3_180_000, million, true)).toBe('+3.18');
    expect(formatMark(-1_000, million, true)).toBe('−1,000');
    expect(formatMark(0.25, million, true)).toBe('+0.25');
    expect(formatMark(0, million, true)).toBe('0.00');
    expect(formatTick(52_000_000, 2_000_000, million)).toBe('52 M');
    expect(formatTick(7_500_000, 2_500_000, million)).toBe('7.5 M');
    expect(formatTick(200_000, 50_000, million)).toBe('0.20 M');
    expect(unitWords(unitOf([900, 12]), 'SGD')).toBe('S$');
    expect(formatTick(750, 250, unitOf([900]))).toBe('750');
    expect(formatTick(-0, 2_000_000, million)).toBe('0 M');
    expect(formatMark(12_345, unitOf([12_345]), false)).toBe('12.3');
  });
});

describe('the steps', () => {
  test('each change stands on what was before it, and totals stand on zero', () => {
    expect(stepsOf(WEEK).map(({ from, to }) => [from, to])).toEqual([
      [0, 46_475_240],
      [46_475_240, 49_655_240],
      [49_655_240, 49_245_240],
      [49_245_240, 48_505_239.5],
      [48_505_239.5, 48_505_239.5],
      [0, 48_505_239.5],
    ]);
  });

  test('read as a sentence', () => {
    expect(conclusionOf(WEEK, 'SGD')).toBe(
      'It went up by SGD 2,029,999.50, from SGD 46,475,240.00 to SGD 48,505,239.50: ' +
        'new +3,180,000.00 in 18 deals, decreased −410,000.00 in 7 deals, won −740,000.50 in 4 deals.',
    );
    expect(conclusionOf(STILL, 'SGD')).toBe('It stands at SGD 1,000.00, as before. Nothing moved.');
    expect(conclusionOf([], 'SGD')).toBe('No movement.');
  });
});

describe('the waterfall', () => {
  afterEach(() => {
    vi.stubGlobal('ResizeObserver', AnyWidth);
  });

  test('names its conclusion, and each bar opens its deals', async () => {
    const opened = vi.fn();
    const { user } = renderApp(<Waterfall bars={WEEK} currency="SGD" onOpen={opened} />);
    const chart = screen.getByRole('figure', { name: /^It went up by SGD 2,029,999.50/ });
    const bars = within(chart).getAllByRole('listitem');
    expect(bars.map((bar) => bar.textContent)).toEqual([
      '46.48Start10 Aug',
      '+3.18New18 deals',
      '−0.41Decreased7 deals',
      '−0.74Won4 deals',
      '0.00Lost0 deals',
      '48.51End17 Aug',
    ]);
    await user.tab();
    await user.tab();
    expect(screen.getByRole('button', { name: 'New: SGD +3,180,000.00, 18 deals' })).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(opened).toHaveBeenCalledExactlyOnceWith(WEEK[1]);
    expect(
      screen.getByRole('button', { name: 'Won: SGD −740,000.50, 4 deals, 1 deal has no rate' }),
    ).toBeVisible();
  });

  test('a bar without deals opens nothing', () => {
    renderApp(<Waterfall bars={WEEK} currency="SGD" onOpen={vi.fn()} />);
    expect(screen.getByRole('img', { name: 'Lost: SGD 0.00, 0 deals' })).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Lost/ })).toBeNull();
  });

  test('bars may be links', async () => {
    const bars = WEEK.map((bar) => ({ ...bar, to: `/deals?bucket=${bar.key}` }));
    const { user, address } = renderApp(<Waterfall bars={bars} currency="SGD" />);
    await user.click(screen.getByRole('link', { name: /^New/ }));
    expect(address()).toBe('/deals?bucket=new');
  });

  test('shows the same to the cent as a table', async () => {
    const opened = vi.fn();
    const { user } = renderApp(<Waterfall bars={WEEK} currency="SGD" onOpen={opened} />);
    await user.click(screen.getByRole('button', { name: 'Show as table' }));
    const rows = within(screen.getByRole('table', { name: 'Movement' })).getAllByRole('row');
    expect(rows.map((line) => line.textContent)).toEqual([
      'StepDealsSGD',
      'Start10 Aug20546,475,240.00',
      'New18+3,180,000.00',
      'Decreased7−410,000.00',
      'Won1 deal has no rate4−740,000.50',
      'Lost00.00',
      'End17 Aug21248,505,239.50',
    ]);
    await user.click(screen.getByRole('button', { name: 'Decreased' }));
    expect(opened).toHaveBeenCalledExactlyOnceWith(WEEK[2]);
    await user.click(screen.getByRole('button', { name: 'Show as chart' }));
    expect(screen.queryByRole('table')).toBeNull();
  });

  test('is broken only where it does not begin at zero', () => {
    const { container, unmount } = renderApp(<Waterfall bars={WEEK} currency="SGD" />);
    expect(container.querySelectorAll('figure svg svg')).toHaveLength(2);
    unmount();
    const still = renderApp(<Waterfall bars={STILL} currency="SGD" />);
    expect(still.container.querySelectorAll('figure svg svg')).toHaveLength(0);
    expect(screen.getByText('Nothing moved between these moments.')).toBeVisible();
  });

  test('reduced and lost are hatched, won and totals are not', () => {
    const lost = WEEK.map((bar) => (bar.key === 'lost' ? { ...bar, value: -1, deals: 1 } : bar));
    const { container } = renderApp(<Waterfall bars={lost} currency="SGD" />);
    expect([...container.querySelectorAll('rect')].map((bar) => bar.getAttribute('fill'))).toEqual([
      'var(--pp-blue)',
      'var(--pp-blue)',
      'url(#pp-hatch-amber)',
      'var(--pp-green)',
      'url(#pp-hatch-red)',
      'var(--pp-blue)',
    ]);
  });

  test('says that there is nothing, rather than drawing nothing', () => {
    renderApp(<Waterfall bars={NOTHING} currency="SGD" />);
    expect(screen.getByText('Nothing was in this pipeline at either moment.')).toBeVisible();
    expect(screen.queryByRole('figure')).toBeNull();
  });

  test('lies down where columns would be too narrow', async () => {
    vi.stubGlobal('ResizeObserver', Narrow);
    renderApp(<Waterfall bars={WEEK} currency="SGD" onOpen={vi.fn()} />);
    await waitFor(() => {
      expect(screen.getAllByRole('listitem').map((bar) => bar.textContent)).toEqual([
        'Start10 Aug46.48',
        'New18 deals+3.18',
        'Decreased7 deals−0.41',
        'Won4 deals−0.74',
        'Lost0 deals0.00',
        'End17 Aug48.51',
      ]);
    });
  });

  test('its legend names the fills', () => {
    renderApp(<WaterfallLegend />);
    expect(screen.getByText('added').parentElement).toHaveTextContent('addedreducedwonlost');
  });
});

describe('the sparkline', () => {
  test('goes from the first to the last point, and leaves out what is not known', () => {
    renderApp(<Sparkline points={[0, null, 5, 10]} hue="blue" label="Up from 0 to 10" />);
    const line = screen.getByRole('img', { name: 'Up from 0 to 10' });
    expect(line.querySelector('path')).toHaveAttribute('d', 'M3.0 19.0 L35.0 11.0 L51.0 3.0');
    expect(line.querySelector('circle')).toHaveAttribute('cy', '3');
  });

  test('is level where nothing moved, and absent where there is no line', () => {
    const { rerender, container } = renderApp(<Sparkline points={[4, 4]} label="Level at 4" />);
    expect(container.querySelector('path')).toHaveAttribute('d', 'M3.0 11.0 L51.0 11.0');
    rerender(<Sparkline points={[4]} label="One point" />);
    expect(container.querySelector('svg')).toBeNull();
  });
});
