import { commands, type Command, type CommandId } from './commands.ts';
import { faceMeanings } from './face-meanings.ts';
import { workspaces } from './workspace.svelte.ts';

/** Commands that bring something to paint on: from elsewhere they lead to Paint. */
const LEAD_TO_PAINT: readonly string[] = ['newDrawing', 'open', 'openSample'] satisfies CommandId[];
/** Commands that mean the same everywhere. */
const EVERYWHERE: readonly string[] = [
  'addReference',
  'lightTheme',
  'fullScreen',
  'shortcuts',
  'about',
  'palette',
  'settings',
  'brush',
  'eraser',
  'hand',
  'zoom',
  'rotate',
] satisfies CommandId[];

/**
 * What a command does in the workspace in front. In Face some mean the face (undo, brush size), some lead back to Paint,
 * and those that need a drawing's layers can't be run.
 */
export function inWorkspace(id: CommandId): Command {
  const command: Command = commands[id];
  if (workspaces.current === 'paint') return command;
  const meant = faceMeanings[id];
  if (meant) return { ...command, ...meant };
  if (LEAD_TO_PAINT.includes(id))
    return {
      ...command,
      run: () => {
        workspaces.current = 'paint';
        command.run();
      },
    };
  return EVERYWHERE.includes(id) || id.startsWith('face') || id.startsWith('workspace')
    ? command
    : { ...command, context: 'paint', enabled: () => false };
}
