// What the build understands and TypeScript does not: a style sheet as a string.
declare module '*.css?inline' {
  const css: string;
  // biome-ignore lint/style/noDefaultExport: that is what the build gives
  export default css;
}
