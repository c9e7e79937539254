// Which of a client's operations the tests have really run.

// The same client; the names of its methods that have succeeded are added to `seen`.
export function watched(client, seen, prefix = '') {
  return new Proxy(client, {
    get(object, name) {
      const member = Reflect.get(object, name);
      if (typeof member !== 'function') return member;
      return (...args) => {
        const result = member.apply(object, args);
        if (typeof result?.then !== 'function') {
          seen.add(prefix + String(name));
          return result;
        }
        return result.then((value) => {
          seen.add(prefix + String(name));
          return value;
        });
      };
    },
  });
}

// The methods and functions of a class, static ones with its name in front; not what it inherits.
export function methodsOf(type) {
  const own = (object) => Object.entries(Object.getOwnPropertyDescriptors(object)).filter(([, { value }]) => typeof value === 'function');
  const members = own(type.prototype).map(([name]) => name).filter((name) => name !== 'constructor');
  return [...members, ...own(type).map(([name]) => `${type.name}.${name}`)].sort();
}

// The functions that a module exports, at any depth, each by the first name that leads to it.
export function functionsOf(module) {
  const names = new Map([[module, '']]);
  const visit = (object, prefix) => {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
      if (['length', 'name', 'prototype', 'arguments', 'caller'].includes(name)) continue;
      if (typeof value === 'function' && !names.has(value)) {
        names.set(value, prefix + name);
        visit(value, `${prefix}${name}.`);
      } else if (value !== null && typeof value === 'object') {
        visit(value, `${prefix}${name}.`);
      }
    }
  };
  visit(module, '');
  return [...names.values()].filter((name) => name !== '').sort();
}
