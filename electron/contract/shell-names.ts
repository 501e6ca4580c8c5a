/** Names of the channels about the program around the drawings: settings, recent files, recovery, credits. */
export const shellNames = {
  'settings.read': true,
  'settings.change': true,
} as const;
