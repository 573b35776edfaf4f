/** Ask for one file or more. */
import { customElement } from "lit/decorators.js";
import type { Payload } from "../protocol/types.gen.js";
import { FileChooser } from "./file_chooser.js";

@customElement("sidestage-file-input-multiple")
export class SidestageFileInputMultiple extends FileChooser {
  protected override readonly several = true;

  protected override payload(): Payload {
    return { __type__: "PayloadFileArray", value: this.files };
  }
}
