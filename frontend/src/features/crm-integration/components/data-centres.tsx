/** Data centres as cards of one radio group. */
import { Radio } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ConnectOptions } from '../api/connection';
import classes from './data-centres.module.css';

type DataCentresProps = { centres: ConnectOptions['data_centres']; chosen: string };

export function DataCentres({ centres, chosen }: DataCentresProps) {
  return (
    <div className={classes.centres}>
      {centres.map((centre) => (
        <Radio.Card key={centre.slug} className={classes.card ?? ''} value={centre.slug}>
          <span className={classes.name}>
            {centre.name}
            {centre.slug === chosen && <IconCircleCheck size={16} stroke={1.7} aria-hidden />}
          </span>
          <span className={classes.host}>{centre.crm_host}</span>
        </Radio.Card>
      ))}
    </div>
  );
}
