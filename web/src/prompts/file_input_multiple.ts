/** Ask for one file or more. */
import type { Payload } from "../protocol/types.gen.js";
import { draws } from "./draws.js";
import { FileChooser } from "./file_chooser.js";

@draws("PropsUIPromptFileInputMultiple")
export class SidestageFileInputMultiple extends FileChooser {
  protected override readonly several = true;

  protected override payload(): Payload {
    return { __type__: "PayloadFileArray", value: this.files };
  }
}
