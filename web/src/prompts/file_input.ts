/** Ask for one file. */
import { customElement } from "lit/decorators.js";
import type { Payload } from "../protocol/types.gen.js";
import { FileChooser } from "./file_chooser.js";

@customElement("sidestage-file-input")
export class SidestageFileInput extends FileChooser {
  protected override readonly several = false;

  protected override payload(): Payload {
    return { __type__: "PayloadFile", value: this.files[0] as File };
  }
}
