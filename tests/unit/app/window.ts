/** What of a browser the window's modules touch when they are read, for tests that look at their tables. */
Object.assign(globalThis, {
  window: globalThis,
  location: { origin: 'http://127.0.0.1' },
  localStorage: { getItem: () => null, setItem: () => undefined },
  devicePixelRatio: 1,
  document: { fullscreenElement: null },
});
if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { platform: '' } });
