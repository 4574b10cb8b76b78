// Code that comes when it is wanted. A browser remembers for the life of a document that a module could not be fetched, and never asks for it again: so a file, and
// what it imports, is fetched first, which may be tried as often as need be, and only imported once it is here. The frame does the same for what it asks for itself.
// The build puts `bring(…)` in the place of each `import(…)` in the files that come so.

/** @param file below the frame's own document */
export async function bring(file: string): Promise<unknown> {
  const { href } = new URL(file, location.href);
  await fetchWhole(href);
  return import(/* @vite-ignore */ href);
}

/** What is here already comes out of the browser's own cache: it may be kept for ever. */
async function fetchWhole(href: string): Promise<void> {
  const answer = await fetch(href);
  if (!answer.ok) throw new Error(href);
  const imported = (await answer.text()).matchAll(/from"(\.[^"]+)"/g);
  await Promise.all(Array.from(imported, ([, file]) => fetchWhole(new URL(file as string, href).href)));
}
