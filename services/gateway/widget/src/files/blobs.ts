// The contents of files that are not sent yet, on the device (IndexedDB), so that a reload loses none. Where the browser refuses that, memory stands in.
export interface Blobs {
  put(id: string, blob: Blob): Promise<void>;
  get(id: string): Promise<Blob | undefined>;
  remove(id: string): Promise<void>;
  ids(): Promise<string[]>;
}

const STORE = 'files';

export function openBlobs(name: string): Blobs {
  const memory = new Map<string, Blob>();
  let database: IDBDatabase | undefined;
  /** @param make whether it is made where it is not there: whoever only looks would bring back what was deleted with the visitor's other traces */
  const open = (make: boolean): Promise<IDBDatabase> =>
    new Promise((resolve, reject) => {
      if (database) return resolve(database);
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        if (make) request.result.createObjectStore(STORE);
        else request.transaction?.abort();
      };
      request.onsuccess = () => {
        const opened = request.result;
        database = opened;
        // The visitor is forgotten: whoever held on to this would keep his files.
        opened.onversionchange = () => {
          opened.close();
          database = undefined;
        };
        resolve(opened);
      };
      request.onerror = () => reject(request.error);
    });
  async function ask<T>(
    mode: IDBTransactionMode,
    what: (store: IDBObjectStore) => IDBRequest<T>,
    make = false,
  ): Promise<T> {
    const opened = await open(make);
    return new Promise((resolve, reject) => {
      const change = opened.transaction(STORE, mode);
      const request = what(change.objectStore(STORE));
      change.oncomplete = () => resolve(request.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  }
  return {
    put: (id, blob) =>
      ask('readwrite', (store) => store.put(blob, id), true).then(
        () => {},
        () => void memory.set(id, blob),
      ),
    get: async (id) => memory.get(id) ?? ask('readonly', (store) => store.get(id)).catch(() => undefined),
    async remove(id) {
      memory.delete(id);
      await ask('readwrite', (store) => store.delete(id)).catch(() => {});
    },
    ids: async () => [
      ...memory.keys(),
      ...(await ask('readonly', (store) => store.getAllKeys()).catch(() => [])).map(String),
    ],
  };
}
