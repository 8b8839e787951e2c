/** Saves files that were asked for here as soon as they are ready, and tells what became of them. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { exportsQuery, fileAddress } from '@/lib/queries/exports';
import { tell, tellError } from '@/lib/toast';
import { forget, useStarted } from './started';
import { nameOf, sizeWords } from './words';

/** Hands a file to the browser, which saves it under the name that the server gives. */
function save(id: string): void {
  const link = document.createElement('a');
  link.href = fileAddress(id);
  link.download = '';
  link.click();
}

export function useSaving(): void {
  const started = useStarted();
  const { data } = useQuery({ ...exportsQuery, enabled: started.size > 0 });
  useEffect(() => {
    for (const line of data?.items ?? []) {
      if (line.state === 'waiting' || line.state === 'running' || !forget(line.id)) continue;
      if (line.state === 'completed') {
        save(line.id);
        tell(`${nameOf(line)} saved, ${sizeWords(line.size_bytes ?? 0)}.`);
      } else if (line.state === 'failed') {
        tellError(
          new Error(line.error_message ?? 'Its reason is not known.'),
          `${nameOf(line)} could not be made`,
        );
      }
    }
  }, [data]);
}
