/** Hands a file to the browser to save; the desktop program asks where. */
export function saveFile(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the bytes once started; a minute is ample for it to start.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
