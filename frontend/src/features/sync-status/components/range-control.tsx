/** The range of the whole page. */
import { SegmentedControl } from '@mantine/core';
import type { Search } from '../lib/search';

export function RangeControl({ search }: { search: Search }) {
  return (
    <SegmentedControl
      aria-label="Range"
      withItemsBorders={false}
      value={search.range}
      onChange={(range) => {
        search.go({ range: range === '24h' ? null : range, page: null });
      }}
      data={[
        { value: '1h', label: '1 h' },
        { value: '24h', label: '24 h' },
        { value: '7d', label: '7 d' },
        { value: '30d', label: '30 d' },
      ]}
    />
  );
}
