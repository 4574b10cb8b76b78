// What the build understands and TypeScript does not: a style sheet as a string, a worker as the address of its file.
declare module '*.css?inline' {
  const css: string;
  // biome-ignore lint/style/noDefaultExport: that is what the build gives
  export default css;
}
declare module '*?worker&url' {
  const address: string;
  // biome-ignore lint/style/noDefaultExport: that is what the build gives
  export default address;
}
