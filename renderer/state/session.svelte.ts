import type { AppInfo } from '../../electron/contract/table.ts';
import type { Lost } from '../../electron/contract/wire.ts';
import { texts } from '../app/texts.ts';
import { connectHost } from './host-client.ts';
import { notices } from './notices.svelte.ts';

export const host = connectHost();

/** What is known of the host behind this window. */
class Session {
  /** Called after a lost connection came back: the host has a new, empty room for this window. */
  onReconnected: () => Promise<void> = () => Promise.resolve();
  connected = $state(false);
  info = $state.raw<AppInfo | undefined>(undefined);

  constructor() {
    host.onConnection = (connected, why) => {
      this.connected = connected;
      if (connected) notices.dismissKey('connection');
      else this.#sayLost(why);
    };
  }

  async reconnect(): Promise<void> {
    const hadRoom = this.info !== undefined;
    if ((await this.start()) && hadRoom) await this.onReconnected();
  }

  /** Connects and asks what is there. @returns whether the host answered. */
  async start(): Promise<boolean> {
    try {
      this.info = await host.call('app.info', {});
      return true;
    } catch (thrown) {
      notices.failure(thrown);
      return false;
    }
  }

  #sayLost(why?: Lost): void {
    const sentence = why?.sentence ?? (this.info ? texts.connection.lost : texts.connection.refused);
    notices.error(sentence, {
      details: why?.details ?? '',
      key: 'connection',
      action: { label: texts.connection.reconnect, run: () => void this.reconnect() },
    });
  }
}

export const session = new Session();
