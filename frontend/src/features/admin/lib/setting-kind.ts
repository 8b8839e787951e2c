/** How a setting is edited: read from the JSON Schema that the server sends with it. */

export type Shape = Readonly<Record<string, unknown>>;

export type SettingKind =
  | { kind: 'choice'; options: readonly (string | number | null)[] }
  | {
      kind: 'number';
      isWhole: boolean;
      min: number | undefined;
      max: number | undefined;
      /** Smallest step off a bound that is itself not allowed. */
      isAboveMin: boolean;
      mayBeEmpty: boolean;
    }
  | { kind: 'switch' }
  | { kind: 'text'; pattern: string | undefined; maxLength: number | undefined }
  | { kind: 'group'; members: readonly { name: string; shape: Shape }[] }
  /** A choice for each of some fields, by API name. */
  | { kind: 'fields'; options: readonly (string | number | null)[] }
  /** The field of the CRM that stands for each of some names. */
  | { kind: 'named-fields'; names: readonly string[] }
  | { kind: 'unknown' };

const numberOr = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

const isShape = (value: unknown): value is Shape =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns how a value of this schema is edited. */
export function kindOf(shape: Shape): SettingKind {
  const any = Array.isArray(shape['anyOf']) ? shape['anyOf'].filter(isShape) : [];
  const mayBeEmpty = any.some((each) => each['type'] === 'null');
  const rest = any.filter((each) => each['type'] !== 'null');
  const one: Shape = rest.length === 1 ? { ...shape, ...rest[0] } : shape;
  if (Array.isArray(one['enum'])) {
    const options = (one['enum'] as unknown[]).filter(
      (each): each is string | number => typeof each === 'string' || typeof each === 'number',
    );
    return { kind: 'choice', options: mayBeEmpty ? [...options, null] : options };
  }
  switch (one['type']) {
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        isWhole: one['type'] === 'integer',
        min: numberOr(one['minimum']) ?? numberOr(one['exclusiveMinimum']),
        max: numberOr(one['maximum']) ?? numberOr(one['exclusiveMaximum']),
        isAboveMin: one['exclusiveMinimum'] !== undefined,
        mayBeEmpty,
      };
    case 'boolean':
      return { kind: 'switch' };
    case 'string':
      return {
        kind: 'text',
        pattern: typeof one['pattern'] === 'string' ? one['pattern'] : undefined,
        maxLength: numberOr(one['maxLength']),
      };
    case 'object': {
      const each = isShape(one['additionalProperties'])
        ? kindOf(one['additionalProperties'])
        : undefined;
      if (each?.kind === 'choice') return { kind: 'fields', options: each.options };
      const names = isShape(one['propertyNames']) ? one['propertyNames']['enum'] : undefined;
      if (each?.kind === 'text' && Array.isArray(names)) {
        return { kind: 'named-fields', names: names.map(String) };
      }
      const members = isShape(one['properties']) ? one['properties'] : {};
      return {
        kind: 'group',
        members: Object.entries(members).flatMap(([name, each]) =>
          isShape(each) ? [{ name, shape: each }] : [],
        ),
      };
    }
    default:
      return { kind: 'unknown' };
  }
}

/** Returns the bounds of a number in words, or null if it has none. */
export function boundsOf(kind: SettingKind): string | null {
  if (kind.kind !== 'number') return null;
  const { min, max, isAboveMin } = kind;
  const from = isAboveMin ? `above ${String(min)}` : `from ${String(min)}`;
  if (min !== undefined && max !== undefined) return `${from} to ${String(max)}`;
  if (min !== undefined) return from;
  return max === undefined ? null : `up to ${String(max)}`;
}

/** Returns a name of code as words: `rows_per_delete_credit` is "Rows per delete credit". */
export function named(name: string): string {
  const words = name.replace(/_/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
