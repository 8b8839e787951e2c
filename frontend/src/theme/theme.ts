/** Mantine's theme: sizes, type and component defaults. Colours come from palette and roles. */
import {
  ActionIcon,
  Badge,
  Button,
  Checkbox,
  createTheme,
  Drawer,
  Menu,
  Modal,
  type CSSVariablesResolver,
  type MantineThemeOverride,
  NumberInput,
  PasswordInput,
  Popover,
  Radio,
  rem,
  SegmentedControl,
  Select,
  Skeleton,
  Switch,
  Tabs,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { palette } from './palette';
import { rolesOf } from './roles';

const FONT = '"IBM Plex Sans Variable", system-ui, sans-serif';
const FLOAT = {
  duration: 140,
  timingFunction: 'cubic-bezier(.2,.8,.2,1)',
  transition: 'pop',
} as const;
const INPUT = { size: 'xs' } as const;

export const theme: MantineThemeOverride = createTheme({
  colors: palette,
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 0 },
  autoContrast: true,
  white: '#FFFFFF',
  black: '#121A17',
  fontFamily: FONT,
  fontFamilyMonospace: FONT,
  fontSizes: {
    '2xs': rem(11),
    xs: rem(12),
    sm: rem(13),
    md: rem(14),
    lg: rem(15),
    xl: rem(20),
  },
  lineHeights: {
    '2xs': String(16 / 11),
    xs: String(18 / 12),
    sm: String(20 / 13),
    md: String(22 / 14),
    lg: String(22 / 15),
    xl: String(28 / 20),
  },
  headings: {
    fontFamily: FONT,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: rem(20), lineHeight: String(28 / 20) },
      h2: { fontSize: rem(14), lineHeight: String(22 / 14) },
      h3: { fontSize: rem(13), lineHeight: String(20 / 13) },
    },
  },
  spacing: { '2xs': rem(4), xs: rem(6), sm: rem(8), md: rem(12), lg: rem(16), xl: rem(24) },
  radius: { xs: rem(5), sm: rem(7), md: rem(8), lg: rem(12), xl: rem(16) },
  defaultRadius: 'sm',
  shadows: {
    xs: 'none',
    sm: 'none',
    md: 'var(--pp-shadow)',
    lg: 'var(--pp-shadow)',
    xl: 'var(--pp-shadow)',
  },
  breakpoints: { xs: '37.5em', sm: '48em', md: '64em', lg: '80em', xl: '96em' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 30, variant: 'subtle' } }),
    Badge: Badge.extend({ defaultProps: { radius: 'xs', variant: 'light', tt: 'none', fw: 500 } }),
    Button: Button.extend({ defaultProps: { size: 'xs', variant: 'default' } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs', radius: 4 } }),
    Drawer: Drawer.extend({
      defaultProps: {
        position: 'right',
        size: 480,
        transitionProps: { duration: 180 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', radius: 'md', transitionProps: FLOAT } }),
    Modal: Modal.extend({
      defaultProps: {
        radius: 'lg',
        size: 560,
        centered: true,
        transitionProps: { duration: 180 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    NumberInput: NumberInput.extend({ defaultProps: INPUT }),
    PasswordInput: PasswordInput.extend({ defaultProps: INPUT }),
    Popover: Popover.extend({
      defaultProps: { shadow: 'md', radius: 'md', transitionProps: FLOAT },
    }),
    Radio: Radio.extend({ defaultProps: { size: 'xs' } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs' } }),
    Select: Select.extend({ defaultProps: INPUT }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 4 } }),
    Switch: Switch.extend({ defaultProps: { size: 'xs' } }),
    Tabs: Tabs.extend({ defaultProps: { color: 'ink' } }),
    Textarea: Textarea.extend({ defaultProps: INPUT }),
    TextInput: TextInput.extend({ defaultProps: INPUT }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 300,
        events: { hover: true, focus: true, touch: true },
        transitionProps: { duration: 140 },
      },
    }),
  },
});

const SHADOW = {
  light: '0 1px 2px rgba(18,26,23,.06), 0 8px 28px rgba(18,26,23,.14)',
  dark: '0 1px 2px rgba(0,0,0,.50), 0 8px 28px rgba(0,0,0,.55)',
};

/** Lays Mantine's own variables on the roles: its components and ours paint alike. */
const MANTINE_ON_ROLES = {
  '--mantine-color-body': 'var(--pp-sheet)',
  '--mantine-color-text': 'var(--pp-text)',
  '--mantine-color-dimmed': 'var(--pp-dim)',
  '--mantine-color-placeholder': 'var(--pp-dim)',
  '--mantine-color-anchor': 'var(--pp-text)',
  '--mantine-color-default': 'var(--pp-sheet)',
  '--mantine-color-default-hover': 'var(--pp-hover)',
  '--mantine-color-default-color': 'var(--pp-text)',
  '--mantine-color-default-border': 'var(--pp-line-2)',
  '--mantine-color-error': 'var(--pp-red-text)',
  '--mantine-color-disabled': 'var(--pp-subtle)',
  '--mantine-color-disabled-color': 'var(--pp-dim)',
  '--mantine-color-disabled-border': 'var(--pp-line-2)',
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...rolesOf('light'), ...MANTINE_ON_ROLES, '--pp-shadow': SHADOW.light },
  dark: { ...rolesOf('dark'), ...MANTINE_ON_ROLES, '--pp-shadow': SHADOW.dark },
});
