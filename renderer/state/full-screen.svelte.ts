import { createSubscriber } from 'svelte/reactivity';

/** Whether the studio fills the screen. */
class FullScreen {
  readonly #changes = createSubscriber((changed) => {
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  });

  get on(): boolean {
    this.#changes();
    return document.fullscreenElement !== null;
  }

  toggle(): void {
    // Refused where the browser lets no page fill the screen; then nothing changes.
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    else void document.documentElement.requestFullscreen().catch(() => undefined);
  }
}

export const fullScreen = new FullScreen();
