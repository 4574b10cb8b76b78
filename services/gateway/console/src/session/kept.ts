// What the browser keeps of the console between visits, shared by all its tabs: each change is made to what stands there now.
// A full or forbidden storage never stops the work: then only this tab remembers.
export interface Kept<Value> {
  read(): Value;
  update(change: (value: Value) => Value): void;
}

/** @param key its name in localStorage; `parse` judges what an older version or a stranger may have left there */
export function keep<Value>(key: string, fallback: Value, parse: (raw: unknown) => Value | undefined): Kept<Value> {
  let here = fallback;
  const read = (): Value => {
    try {
      const raw = localStorage.getItem(key);
      return raw === null ? here : (parse(JSON.parse(raw)) ?? fallback);
    } catch {
      return here;
    }
  };
  return {
    read,
    update(change) {
      here = change(read());
      try {
        localStorage.setItem(key, JSON.stringify(here));
      } catch {
        // The tab still remembers.
      }
    },
  };
}
