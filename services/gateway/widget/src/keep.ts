// What the widget keeps on the device: under the gateway's origin, which browsers part per embedding site, and apart per site key.
// Where the browser refuses storage or it is full, memory stands in, so nothing here ever throws.
export interface Keep {
  read<T>(name: string): T | undefined;
  /** `undefined` removes. Says whether it will survive a reload. */
  write(name: string, value: unknown): boolean;
  /** Of what is kept, whatever begins so, in no order. */
  names(start: string): string[];
}
/** As the browsers' own, what is stored is its own properties. */
export type DeviceStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function openKeep(site: string, storage: DeviceStorage | undefined): Keep {
  const memory = new Map<string, unknown>();
  const own = `continuo:${site}:`;
  const key = (name: string) => own + name;

  return {
    read<T>(name: string): T | undefined {
      if (memory.has(name)) return memory.get(name) as T;
      try {
        const text = storage?.getItem(key(name));
        return text ? (JSON.parse(text) as T) : undefined;
      } catch {
        return undefined;
      }
    },
    write(name, value) {
      try {
        // Where the browser gives none this throws.
        const place = storage as DeviceStorage;
        if (value === undefined) place.removeItem(key(name));
        else place.setItem(key(name), JSON.stringify(value));
        memory.delete(name);
        return true;
      } catch {
        memory.set(name, value);
        return false;
      }
    },
    names(start) {
      const stored = Object.keys(storage ?? {}).filter((name) => name.startsWith(own));
      const names = new Set([...memory.keys(), ...stored.map((name) => name.slice(own.length))]);
      return [...names].filter((name) => name.startsWith(start));
    },
  };
}

/** Touching it already throws where the visitor forbids it. */
export function deviceStorage(name: 'localStorage' | 'sessionStorage' = 'localStorage'): DeviceStorage | undefined {
  try {
    return globalThis[name];
  } catch {
    return undefined;
  }
}
