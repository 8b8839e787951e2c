import { describe, expect, it } from 'vitest';
import { readIds } from './ids';

describe('IDs that were pasted', () => {
  it('are read from lines, commas, quotes and the links of both applications', () => {
    const text = `554023000000235001, "554023000000235002"
      zcrm_554023000000235003;554023000000235004\t
      https://crm.zoho.com/crm/org1/tab/Potentials/554023000000235005?x=1
      http://localhost:8000/deals/554023000000235006`;

    expect(readIds(text)).toEqual({
      ids: [1, 2, 3, 4, 5, 6].map((last) => `55402300000023500${last}`),
      twice: [],
      nonsense: [],
    });
  });

  it('name what stands there twice, and count it once', () => {
    expect(readIds('7 8 7 9 7 8')).toEqual({
      ids: ['7', '8', '9'],
      twice: ['7', '8'],
      nonsense: [],
    });
  });

  it('name what is no ID: words, zeros, numbers with a point or with too many digits', () => {
    const nonsense = ['Acme', '0', '007', '1.5', '12345678901234567890', 'https://zoho.com/deals/'];

    expect(readIds(`5 ${nonsense.join(' ')}`)).toEqual({ ids: ['5'], twice: [], nonsense });
  });

  it('are none in an empty text', () => {
    expect(readIds(' \n ,; ')).toEqual({ ids: [], twice: [], nonsense: [] });
  });
});
