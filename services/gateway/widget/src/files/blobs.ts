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
  let opening: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => {
        // The visitor is forgotten: whoever held on to this would keep his files.
        request.result.onversionchange = () => {
          request.result.close();
          opening = undefined;
        };
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    return opening;
  };
  async function ask<T>(mode: IDBTransactionMode, what: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await open();
    return new Promise((resolve, reject) => {
      const change = database.transaction(STORE, mode);
      const request = what(change.objectStore(STORE));
      change.oncomplete = () => resolve(request.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  }
  return {
    put: (id, blob) =>
      ask('readwrite', (store) => store.put(blob, id)).then(
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
