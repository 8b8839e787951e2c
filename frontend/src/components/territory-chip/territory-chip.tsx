/** Which territory a page is about: a deal's region. */
import { IconMapPin } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { territoryName } from '@/lib/o2r-words';
import { dealsFacet } from '@/lib/queries/deals';
import { ChoiceMenu } from './choice-menu';

type TerritoryChipProps = {
  /** Empty for deals without one, null for all. */
  territory: string | null;
  onChoose: (territory: string | null) => void;
};

export function TerritoryChip({ territory, onChoose }: TerritoryChipProps) {
  const { data } = useQuery(dealsFacet('region', {}, ''));
  return (
    <ChoiceMenu
      label="Territory"
      icon={<IconMapPin size={15} stroke={1.7} aria-hidden />}
      said={territory === null ? 'All territories' : territoryName(territory || null)}
      options={[
        { value: null, word: 'All territories' },
        ...(data?.values ?? []).map(({ value }) => ({
          value,
          word: territoryName(value || null),
        })),
      ]}
      chosen={territory}
      onChoose={onChoose}
    />
  );
}
