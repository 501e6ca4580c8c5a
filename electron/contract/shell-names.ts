/** Names of the channels about the program around the drawings: settings, recent files, recovery, credits. */
export const shellNames = {
  'about.credits': true,
  'settings.read': true,
  'settings.change': true,
  'recents.list': true,
  'recents.read': true,
  'recents.forget': true,
  'recents.clear': true,
  'recovery.begin': true,
  'recovery.read': true,
  'recovery.forget': true,
  'recovery.save': true,
} as const;
