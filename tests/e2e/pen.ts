import type { CDPSession, Page } from 'playwright-core';

/** One place of a stroke: x and y in the window, pressure 0–1. */
export type PenPoint = readonly [x: number, y: number, pressure?: number];

/** A pen over a window: real pointer events with pressure and tilt, as the browser makes them of a tablet's. */
export class Pen {
  readonly #session: CDPSession;

  constructor(session: CDPSession) {
    this.#session = session;
  }

  static async over(page: Page): Promise<Pen> {
    return new Pen(await page.context().newCDPSession(page));
  }

  async down([x, y, force = 1]: PenPoint): Promise<void> {
    await this.#send('mousePressed', x, y, force, 1);
  }

  async move([x, y, force = 1]: PenPoint): Promise<void> {
    await this.#send('mouseMoved', x, y, force, 1);
  }

  async up([x, y]: PenPoint): Promise<void> {
    await this.#send('mouseReleased', x, y, 0, 0);
  }

  async stroke(points: readonly PenPoint[]): Promise<void> {
    await this.down(points[0]!);
    for (const point of points.slice(1)) await this.move(point);
    await this.up(points.at(-1)!);
  }

  async #send(
    type: 'mousePressed' | 'mouseMoved' | 'mouseReleased',
    x: number,
    y: number,
    force: number,
    buttons: number,
  ) {
    await this.#session.send('Input.dispatchMouseEvent', {
      type,
      x,
      y,
      force,
      buttons,
      button: 'left',
      pointerType: 'pen',
      clickCount: type === 'mouseMoved' ? 0 : 1,
    });
  }
}

export function line(from: PenPoint, to: PenPoint, count = 24): PenPoint[] {
  return Array.from({ length: count }, (_, i) => {
    const part = i / (count - 1);
    const mix = (a: number, b: number): number => a + (b - a) * part;
    return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2] ?? 1, to[2] ?? 1)];
  });
}
