/** How high the rows of tables are; remembered by person, in this browser. */
import { useLocalStorage } from '@mantine/hooks';

export type Density = 'compact' | 'default' | 'roomy';

/** Height of a row in px. */
export const ROW_HEIGHT: Record<Density, number> = { compact: 28, default: 32, roomy: 44 };

export function useDensity(): [Density, (density: Density) => void] {
  const [density, setDensity] = useLocalStorage<Density>({
    key: 'pulse-density',
    defaultValue: 'default',
    getInitialValueInEffect: false,
  });
  return [density, setDensity];
}
