// What the site has chosen of the panel's look and words. The gateway has written it into this document, colours as ready custom properties.
interface Look {
  style: string;
  /** By language. */
  greeting: Record<string, string>;
  /** Where no photo is; below the gateway. */
  avatar: string;
}

const written = document.documentElement.dataset['site'];
const { style = '', greeting = {}, avatar }: Partial<Look> = written ? JSON.parse(written).panel : {};

export { avatar };

export function paint(): void {
  document.documentElement.style.cssText += style;
}
export const greetingIn = (language: string): string | undefined => greeting[language];
