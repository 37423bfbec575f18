/** A schema of draft 7, as far as schemas/policy.schema.json goes. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** Where a value breaks a schema, as paths such as `/rules/0/name`; none where it is valid. */
export function schemaFaults(root: Schema, value: unknown, schema = root, path = ''): string[] {
  const one = resolved(root, schema);
  const inner = (part: Schema, what: unknown, at: string): string[] =>
    schemaFaults(root, what, part, at);
  const faults = (one.allOf ?? []).flatMap((part) => inner(part, value, path));
  if (one.anyOf && one.anyOf.every((part) => inner(part, value, path).length > 0))
    faults.push(path);
  if (!fitsAlone(one, value)) faults.push(path);
  if (Array.isArray(value)) {
    const { items } = one;
    if (items)
      for (const [i, item] of value.entries()) faults.push(...inner(items, item, `${path}/${i}`));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const at = `${path}/${key}`;
      if (one.propertyNames) faults.push(...inner(one.propertyNames, key, at));
      const known =
        one.properties && Object.hasOwn(one.properties, key) ? one.properties[key] : null;
      const part = known ?? one.additionalProperties;
      if (part === false) faults.push(at);
      else if (typeof part === 'object') faults.push(...inner(part, member, at));
    }
  }
  return faults;
}

/** A schema itself, or what it refers to. */
export function resolved(root: Schema, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const found = root.definitions?.[schema.$ref.replace('#/definitions/', '')];
  if (found === undefined) throw new Error(`${schema.$ref} leads nowhere`);
  return found;
}

/** All but what its members, items and alternatives say. */
function fitsAlone(one: Schema, value: unknown): boolean {
  const types = one.type === undefined ? null : [one.type].flat();
  if (types !== null && !types.some((type) => isOfType(type, value))) return false;
  if (one.const !== undefined && value !== one.const) return false;
  if (one.enum !== undefined && !one.enum.includes(value)) return false;
  if (typeof value === 'string')
    return (
      within(value.length, one.minLength, one.maxLength) &&
      (one.pattern === undefined || new RegExp(one.pattern, 'u').test(value))
    );
  if (typeof value === 'number') return within(value, one.minimum, one.maximum);
  if (Array.isArray(value)) return within(value.length, one.minItems, one.maxItems);
  if (typeof value !== 'object' || value === null) return true;
  return (
    within(Object.keys(value).length, one.minProperties, one.maxProperties) &&
    (one.required ?? []).every((key) => Object.hasOwn(value, key))
  );
}

function within(value: number, from = -Infinity, to = Infinity): boolean {
  return value >= from && value <= to;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object')
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
