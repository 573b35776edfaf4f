/** What the page and the frame of a study's own prompt say to each other, over a port that the page made. */

/** How the page looks: its custom properties, and what else text is drawn with. */
export interface Theme {
  /** Custom properties by their names, such as ``--accent``. */
  properties: Record<string, string>;
  colorScheme: string;
  /** Of the page's root, which the unit ``rem`` goes by, and of its text. */
  rootFontSize: string;
  fontSize: string;
  lineHeight: string;
}

/** What to draw. */
export interface OwnDrawing {
  /** The text of the study's module. */
  module: string;
  /** The name of the element that it defines. */
  element: string;
  /** What its element shows; texts are in the participant's language already. */
  fields: Record<string, unknown>;
  locale: string;
  theme: Theme;
  /** The style of buttons, fields and headings, as the page has it. */
  style: string;
}

/** What the page says. */
export type ToFrame = { type: "draw"; drawing: OwnDrawing } | { type: "theme"; theme: Theme } | { type: "ping" };

/** What went wrong in the frame. */
export type FrameFailure = "import" | "threw" | "element";

/** What the frame says. A study's module can make it say anything. */
export type FromFrame =
  | { type: "drawn" }
  | { type: "height"; height: number }
  | { type: "answer"; json: string }
  | { type: "failed"; failure: FrameFailure; message: string; line: number }
  | { type: "pong" };
