import { z } from 'zod';

/** The file's layout; raised when an older program could no longer read it. */
export const SETTINGS_VERSION = 1;

const unit = z.number().min(0).max(1);
/** "Ctrl+Shift+E": what is held, then the key. */
const keys = z.string().regex(/^(?:(?:Ctrl|Alt|Shift)\+)*[^\s+].{0,15}$|^(?:(?:Ctrl|Alt|Shift)\+)*\+$/);

/** What an artist can set, with the ranges the settings dialog offers. */
export const settingsSchema = z.strictObject({
  provider: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']),
  /** Processor threads for models; 0: as many as the machine has. */
  threads: z.number().int().min(0).max(64),
  /** What undo may keep in memory, per drawing. */
  undoMemoryMb: z.number().int().min(64).max(8192),
  /**
   * What a pen's pressure (0–1) counts as: points a monotone curve goes through, from left to right. The first is at
   * x = 0, the last at x = 1.
   */
  pressureCurve: z
    .array(z.tuple([unit, unit]))
    .min(2)
    .max(8)
    .refine((points) => points[0]?.[0] === 0 && points.at(-1)?.[0] === 1, 'goes from 0 to 1')
    .refine((points) => points.every(([x], i) => i === 0 || x > points[i - 1]![0]), 'goes left to right'),
  theme: z.enum(['dark', 'light', 'system']),
  /** Size of text and controls; 1 is 12 px text and 28 px controls. */
  uiScale: z.number().min(0.75).max(2),
  /** 36 px controls: always, never, or where the main pointer is a finger. */
  touchMode: z.enum(['auto', 'on', 'off']),
  language: z.enum(['en', 'de']),
  /** Minutes from a change to its recovery copy; 0: none are kept. */
  autosaveMinutes: z.number().min(0).max(60),
  hints: z.boolean(),
  /** Whose shortcuts are meant where the artist has no own. */
  shortcutPreset: z.enum(['inkwash', 'krita', 'clip-studio', 'photoshop']),
  /** By command id; an empty list: nothing presses it. */
  shortcuts: z
    .record(z.string().max(64), z.array(keys).max(4))
    .refine((own) => Object.keys(own).length <= 512),
});
export type Settings = z.infer<typeof settingsSchema>;
export type SettingsChange = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

export const DEFAULT_SETTINGS: Settings = {
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
