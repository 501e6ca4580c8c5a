/** The canvas area's size in CSS pixels, and the pointer over it; the stage keeps them, others read them. */
class StageSize {
  width = $state(0);
  height = $state(0);
}

export const stageSize = new StageSize();
