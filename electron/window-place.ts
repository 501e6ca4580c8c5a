import { readFileSync, writeFileSync } from 'node:fs';
import type { BrowserWindow, Rectangle } from 'electron';
import { z } from 'zod';

/** Where the window stands on the screens; without x and y, in the middle of the first. */
export interface WindowPlace {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
}

const px = z.number().int().min(-100_000).max(100_000);
const kept = z.object({ x: px, y: px, width: px, height: px, maximized: z.boolean() });

const USUAL = { width: 1440, height: 900 };
/** As much of the window's upper edge must be on a screen to take hold of it. */
const GRIP_PX = 80;

/** Where the window stood last, if that is still on one of the screens. */
export function readPlace(
  file: string,
  screens: readonly Rectangle[],
): { place: WindowPlace; maximized: boolean } {
  try {
    const { maximized, ...place } = kept.parse(JSON.parse(readFileSync(file, 'utf8')));
    const isThere = screens.some(
      (screen) =>
        place.y >= screen.y &&
        place.y < screen.y + screen.height - GRIP_PX &&
        place.x + place.width > screen.x + GRIP_PX &&
        place.x < screen.x + screen.width - GRIP_PX,
    );
    const { width, height } = place;
    return { place: isThere ? place : { width, height }, maximized };
  } catch {
    return { place: USUAL, maximized: false };
  }
}

/** Remembers where the window stands when it closes. */
export function keepPlace(window: BrowserWindow, file: string): void {
  window.on('close', () => {
    const place = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeFileSync(file, JSON.stringify(place));
    } catch {
      // It then opens where it did before.
    }
  });
}
