import type { Point } from '../view.ts';

/** A hint being drawn, for the stage to show. */
class HintStroke {
  points = $state.raw<readonly Point[]>([]);
  colour = $state('#000000');

  show(points: readonly Point[], colour: string): void {
    this.points = [...points];
    this.colour = colour;
  }

  hide(): void {
    this.points = [];
  }
}

export const hintStroke = new HintStroke();
