/** A table to review. What answers it, the page's buttons, finds it among the tables of the page. */
import { html, nothing, type PropertyValues } from "lit";
import { SharedOnPage } from "../elements/page_scope.js";
import type { PropsUIPromptConsentFormTable } from "../protocol/types.gen.js";
import type { TableModel } from "../table/table_model.js";
import { TableSet } from "../table/table_set.js";
import { draws } from "./draws.js";
import { PromptElement } from "./prompt_element.js";

@draws("PropsUIPromptConsentFormTable", {
  parts: () => import("../table/table_review.js"),
  buttons: { __type__: "PropsUIDataSubmissionButtons" },
})
export class SidestageConsentFormTable extends PromptElement<PropsUIPromptConsentFormTable> {
  private readonly tables = new SharedOnPage(this, TableSet);
  private table: TableModel | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#letGo();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("prompt")) return;
    this.#letGo();
    this.table = this.tables.thing.add(this.prompt);
  }

  protected override render() {
    const { table } = this;
    if (!table) return nothing;
    return html`<sidestage-table-review
      .model=${table}
      .rowsRead=${table.rowCount}
      .readingState=${table.state}
      .unseenInCells=${table.unseenCount}
    ></sidestage-table-review>`;
  }

  #letGo(): void {
    if (this.table) this.tables.thing.remove(this.table);
    this.table = null;
  }
}
