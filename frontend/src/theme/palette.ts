/** The palette: ten shades a hue, light to dark. Nothing else in the app names a colour. */
import type { MantineColorsTuple } from '@mantine/core';

const ink: MantineColorsTuple = [
  '#F6F8F7',
  '#EEF2F0',
  '#E2E8E5',
  '#CFD8D4',
  '#AEBBB5',
  '#87968F',
  '#62716A',
  '#46544E',
  '#2A3631',
  '#121A17',
];
const dark: MantineColorsTuple = [
  '#E6ECEA',
  '#C4CECA',
  '#9AA8A2',
  '#7C8A84',
  '#46524D',
  '#2C3632',
  '#1E2724',
  '#141B19',
  '#0D1211',
  '#070A09',
];
const green: MantineColorsTuple = [
  '#E8F6EE',
  '#CDECDA',
  '#A1DCBC',
  '#6FC899',
  '#41B079',
  '#1F965E',
  '#107B49',
  '#0A643B',
  '#074E2E',
  '#043820',
];
const blue: MantineColorsTuple = [
  '#EDF3FE',
  '#D6E3FC',
  '#AEC8F8',
  '#83AAF3',
  '#5C8CEC',
  '#3D70E1',
  '#2B5BC9',
  '#2249A5',
  '#1A3880',
  '#11275C',
];
const amber: MantineColorsTuple = [
  '#FEF4E1',
  '#FCE7BF',
  '#F8D186',
  '#F0B74E',
  '#E39F2B',
  '#C98413',
  '#A3680A',
  '#7F5006',
  '#604004',
  '#442D03',
];
const red: MantineColorsTuple = [
  '#FDEFED',
  '#FADAD6',
  '#F4B4AD',
  '#EC897F',
  '#E16157',
  '#CF4339',
  '#B3332B',
  '#912720',
  '#6E1D18',
  '#4D1410',
];
const purple: MantineColorsTuple = [
  '#F4F0FD',
  '#E5DCFA',
  '#CDBCF4',
  '#B399ED',
  '#9A79E2',
  '#815BD3',
  '#6A45BA',
  '#553695',
  '#402972',
  '#2C1C50',
];

/** Mantine's names on our hues, so that nobody can pick one that is not in the palette. */
export const palette = {
  ink,
  dark,
  green,
  blue,
  amber,
  red,
  purple,
  gray: ink,
  yellow: amber,
  orange: amber,
  lime: green,
  teal: green,
  cyan: blue,
  indigo: blue,
  violet: purple,
  grape: purple,
  pink: red,
};

export const HUES = ['green', 'blue', 'amber', 'red', 'purple'] as const;
/** What a hue says: see the vocabulary in `components/status`. */
export type Hue = (typeof HUES)[number];
