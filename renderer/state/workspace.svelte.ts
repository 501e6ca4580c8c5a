export const WORKSPACES = ['paint', 'face'] as const;
export type Workspace = (typeof WORKSPACES)[number];

/** Which workspace is in front. */
class Workspaces {
  current = $state<Workspace>('paint');
}

export const workspaces = new Workspaces();
