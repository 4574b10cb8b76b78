// What the browser keeps of the console between visits. A full or forbidden storage never stops the work: then only this tab remembers.
export interface Kept<Value> {
  read(): Value;
  write(value: Value): void;
}

/** @param key its name in localStorage; `parse` judges what an older version or a stranger may have left there */
export function keep<Value>(key: string, fallback: Value, parse: (raw: unknown) => Value | undefined): Kept<Value> {
  let current: Value | undefined;
  return {
    read() {
      current ??= readJson(key, parse) ?? fallback;
      return current;
    },
    write(value) {
      current = value;
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // The tab still remembers.
      }
    },
  };
}

function readJson<Value>(key: string, parse: (raw: unknown) => Value | undefined): Value | undefined {
  try {
    const raw = localStorage.getItem(key);
    return raw === null ? undefined : parse(JSON.parse(raw));
  } catch {
    return undefined;
  }
}
