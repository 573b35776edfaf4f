/** A text, for a first try. */
import { draws } from "./draws.js";
import { SidestageText } from "./text.js";

@draws("PropsUIPromptHelloWorld")
export class SidestageHelloWorld extends SidestageText {}
