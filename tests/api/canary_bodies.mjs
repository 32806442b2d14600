// SPDX-License-Identifier: AGPL-3.0-or-later
// Requests made from the OpenAPI document alone, so that a route that somebody adds is walked too.
//
//   const walk = new Walk(document, side);   // side: see canary.test.mjs
//   walk.operations()                        [{ name, method, path, ids, ... }]
//   walk.request(operation, change)          { method, path, body }, every text field marked
//
// `ids` of an operation are the places where it takes an id: { place: 'path' | 'query' | 'body',
// at: [names], kind }. `change` puts another value at one of them. What a field wants is read from
// its schema and, where that does not say it, from its name.

import { dateIn } from '../lib/salon.mjs';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
// Texts that a pattern asks for, where it is not free text.
const SHAPED = ['09:00', '#aabbcc', 'EUR', 'en', '1', 'b'.repeat(6)];
const NAMED = {
  ...{ timezone: 'Europe/Paris', currency: 'EUR', locale: 'en', unit: 'ml', end: '18:00' },
  ...{ quiet_from: '22:00', quiet_until: '07:00' },
  key: 'name',
  ...{ new_password: 'heron walks on amber 19', password: 'heron walks on amber 19' },
};
// What would shut out the callers themselves.
const OFF = ['require_two_factor', 'public'];
// What contradicts the other members of its body: null, as if it were not there.
const UNSAID = ['external_url', 'show_if', 'min', 'max'];
const NESTED_MAX = 6;

/** "service_ids" → "services", "staff_id" → "staff": what a list of them is called in a path. */
export function kindOf(name) {
  if (name === 'any_of') return 'resources'; // of what a service needs
  const thing = name.replace(/_ids?$/, '').replaceAll('_', '-');
  if (['staff', 'time-off'].includes(thing)) return thing;
  return thing.endsWith('y') ? `${thing.slice(0, -1)}ies` : `${thing}s`;
}

const isId = (name) => /(?:^|_)ids?$|^any_of$/.test(name);
const parts = (path) => path.split('/').filter(Boolean);

export class Walk {
  constructor(document, side) {
    Object.assign(this, { document, side, count: 0 });
  }

  resolve(node) {
    let found = node;
    while (found?.$ref) {
      found = parts(found.$ref.slice(1)).reduce((at, name) => at[name], this.document);
    }
    return found?.anyOf ? this.resolve(found.anyOf[0]) : found;
  }

  operations() {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => {
        const parameters = (item[method].parameters ?? []).map((one) => this.resolve(one));
        const body = this.resolve(item[method].requestBody)?.content?.['application/json']?.schema;
        const operation = { name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase() };
        Object.assign(operation, { path, parameters, body });
        operation.isPublic = (item[method].security ?? [1]).length === 0;
        operation.streams = JSON.stringify(item[method].responses).includes('text/event-stream');
        operation.ids = this.idsOf(operation);
        return operation;
      }),
    );
  }

  idsOf({ path, parameters, body }) {
    const found = [];
    for (const { in: place, name } of parameters) {
      if (place === 'header' || !isId(name)) continue;
      const before = parts(path)[parts(path).indexOf(`{${name}}`) - 1];
      const kind = place === 'path' && name === 'id' ? before : kindOf(name);
      found.push({ place, at: [name], kind });
    }
    const look = (node, at) => {
      const schema = this.resolve(node);
      if (at.length > NESTED_MAX || !schema) return;
      if (schema.items) look(schema.items, [...at, 0]);
      for (const [name, member] of Object.entries(schema.properties ?? {})) {
        const many = [this.resolve(member)?.type].flat().includes('array');
        const deeper = [...at, name];
        if (isId(name)) found.push({ place: 'body', at: many ? [...deeper, 0] : deeper, kind: kindOf(name) });
        else look(member, deeper);
      }
    };
    if (body) look(body, []);
    return found;
  }

  // ---- values ----

  text(name, schema) {
    const fits = (text) =>
      text.length >= (schema.minLength ?? 0) &&
      (!schema.pattern || new RegExp(schema.pattern, 'u').test(text));
    if (schema.format === 'email') return `${this.side.marker}.${(this.count += 1)}@canary.example`;
    if (schema.format === 'date') return dateIn(3);
    if (schema.format === 'date-time') {
      return name === 'start' ? this.side.start() : `${dateIn(60)}T${name === 'end' ? 10 : 9}:00:00Z`;
    }
    // A day, a day with its clock, or an instant: as long as the shortest of them.
    if (schema.minLength === 10) return dateIn(60 + (this.count += 1));
    if (NAMED[name] && fits(NAMED[name])) return NAMED[name];
    const marked = `${this.side.marker} ${name} ${(this.count += 1)}`;
    const short = [marked, `${this.side.marker}${this.count}`, this.side.phone, ...SHAPED];
    return short.find((text) => fits(text) && text.length <= (schema.maxLength ?? 1e4)) ?? 'x';
  }

  value(name, node, depth = 0) {
    const schema = this.resolve(node) ?? {};
    const type = [schema.type].flat().find((one) => one !== 'null');
    if (UNSAID.includes(name)) return null;
    if (schema.enum) return schema.enum.find((one) => one !== null);
    if (isId(name)) {
      const id = this.side.id(kindOf(name));
      return type === 'array' ? [id] : id;
    }
    switch (type) {
      case 'boolean':
        return !OFF.includes(name);
      case 'integer':
      case 'number':
        return Math.min(Math.max(schema.minimum ?? 0, name === 'weekday' ? 1 : 15), schema.maximum ?? 1e6);
      case 'array':
        if (name === 'options') return []; // of a form's field, which is a text here
        return depth > NESTED_MAX ? [] : [this.value(name, schema.items, depth + 1)];
      case 'object':
        return Object.fromEntries(
          Object.entries(schema.properties ?? {})
            .filter(() => depth <= NESTED_MAX)
            .map(([key, member]) => [key, this.value(key, member, depth + 1)]),
        );
      default:
        return this.text(name, schema);
    }
  }

  // ---- requests ----

  /** What to leave out of a body when these members are refused: what must be there stays. */
  spared(operation, wrong) {
    const { required = [], properties = {} } = this.resolve(operation.body) ?? {};
    const optional = (names) => names.filter((name) => !required.includes(name));
    const own = optional(wrong);
    return own.length > 0 ? own : optional(Object.keys(properties));
  }

  /** `query`: names of the optional parameters to give; `without`: members of the body to leave out. */
  request(operation, { change, query = [], without = [] } = {}) {
    const changed = (place, name, value) =>
      change?.place === place && change.at[0] === name ? change.value : value;
    let { path } = operation;
    const asked = new URLSearchParams();
    for (const { in: place, name, required, schema } of operation.parameters) {
      if (place === 'path') {
        const before = parts(operation.path)[parts(operation.path).indexOf(`{${name}}`) - 1];
        const own = isId(name)
          ? this.side.id(name === 'id' ? before : kindOf(name))
          : this.side.secret(before, name);
        path = path.replace(`{${name}}`, encodeURIComponent(changed('path', name, own)));
      }
      const wanted = required || query.includes(name) || (change?.place === 'query' && change.at[0] === name);
      if (place === 'query' && wanted) {
        asked.set(name, changed('query', name, [this.value(name, schema)].flat().join(',')));
      }
    }
    const search = asked.size > 0 ? `?${asked}` : '';
    const body = operation.body && this.value('body', operation.body);
    for (const name of without) delete body?.[name];
    if (change?.place === 'body') {
      const last = change.at.at(-1);
      const at = change.at.slice(0, -1).reduce((node, name) => node?.[name], body);
      if (at) at[last] = change.value;
    }
    return { method: operation.method, path: `${path}${search}`, body };
  }
}

/** The ids in an answer, as the text fields `id`, `…_id` and `…_ids` have them. */
export function idsIn(value, found = new Set()) {
  if (Array.isArray(value)) value.forEach((one) => idsIn(one, found));
  else if (value && typeof value === 'object') {
    for (const [name, member] of Object.entries(value)) {
      if (isId(name)) [member].flat().filter((id) => /^\d{6,}$/.test(id)).forEach((id) => found.add(id));
      idsIn(member, found);
    }
  }
  return found;
}
