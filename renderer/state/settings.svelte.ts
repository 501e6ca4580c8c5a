import type { Settings } from '../../electron/contract/settings.ts';
import type { Result } from '../../electron/contract/table.ts';
import { notices } from './notices.svelte.ts';
import { remember, remembered } from './remembered.ts';
import { host } from './session.svelte.ts';

/** What holds until the host has answered: the host's own defaults. */
export const USUAL_SETTINGS: Settings = {
  provider: 'auto',
  threads: 0,
  undoMemoryMb: 384,
  pressureCurve: [
    [0, 0],
    [1, 1],
  ],
  theme: 'dark',
  uiScale: 1,
  touchMode: 'auto',
  language: 'en',
  autosaveMinutes: 2,
  hints: true,
  shortcutPreset: 'inkwash',
  shortcuts: {},
};

type Machine = Omit<Result<'settings.read'>, 'settings' | 'note'>;

/** The artist's settings. The host keeps them; this window shows them at once and remembers them for its next start. */
class SettingsState {
  current = $state.raw<Settings>({ ...USUAL_SETTINGS, ...remembered<Partial<Settings>>('settings', {}) });
  /** What of this machine the dialog offers. */
  machine = $state.raw<Machine>({ providers: ['auto'], cores: 1, fixed: [] });
  #waiting: Partial<Settings> = {};
  #sending = false;

  async load(): Promise<void> {
    try {
      const { settings, note, ...machine } = await host.call('settings.read', {});
      this.machine = machine;
      this.#take({ ...settings, ...this.#waiting });
      if (note) notices.error(note, { key: 'settings' });
    } catch (thrown) {
      notices.failure(thrown);
    }
  }

  /** Holds at once; kept by the host soon after. What the host could not keep is said, and holds until the end. */
  change(change: Partial<Settings>): void {
    this.#take({ ...this.current, ...change });
    this.#waiting = { ...this.#waiting, ...change };
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    while (Object.keys(this.#waiting).length > 0) {
      const change = this.#waiting;
      this.#waiting = {};
      await host.call('settings.change', change).catch((thrown: unknown) => {
        notices.failure(thrown, { key: 'settings' });
      });
    }
    this.#sending = false;
  }

  #take(settings: Settings): void {
    this.current = settings;
    remember('settings', settings);
  }
}

export const settings = new SettingsState();
