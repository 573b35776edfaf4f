/** Ask for one file. */
import type { Payload } from "../protocol/types.gen.js";
import { draws } from "./draws.js";
import { FileChooser } from "./file_chooser.js";

@draws("PropsUIPromptFileInput")
export class SidestageFileInput extends FileChooser {
  protected override readonly several = false;

  protected override payload(): Payload {
    return { __type__: "PayloadFile", value: this.files[0] as File };
  }
}
