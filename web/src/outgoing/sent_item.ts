/** One item that was sent: a line that says what, when, how much, where to and what became of it; its bytes inside. */
import { css, html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { drawn } from "../elements/drawn_text.js";
import { PageElement } from "../elements/page_element.js";
import { icon } from "../elements/parts.js";
import { shared } from "../style/shared.js";
import { formatSize, formatTime, type Words } from "../words/texts.js";
import "./content_view.js";
import { destinationWords } from "./destination.js";
import type { Outcome } from "./outcome.js";
import type { SentItem } from "./sent_record.js";

@customElement("sidestage-sent-item")
export class SidestageSentItem extends PageElement {
  static override styles = [
    shared,
    css`
      summary {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 1.25rem;
        gap: 0.2rem 0.75rem;
        align-items: center;
        min-height: 2.75rem;
        padding: 0.65rem 0.9rem;
        cursor: pointer;
        list-style: none;
      }

      summary::-webkit-details-marker {
        display: none;
      }

      summary:hover {
        background: var(--sunken);
      }

      summary:focus-visible {
        outline-offset: -3px;
      }

      .what {
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 0.2rem 0.75rem;
        align-items: center;
      }

      .turn {
        grid-area: 1 / 2 / 3;
        display: grid;
        color: var(--muted);
        transition: rotate 120ms;
      }

      details[open] .turn {
        rotate: 90deg;
      }

      .outcome {
        padding: 0.1rem 0.6rem;
        border-radius: 1rem;
        background: var(--sunken);
        color: var(--muted);
        font-size: 0.85rem;
        white-space: nowrap;
      }

      .outcome.arrived {
        background: var(--accent-soft);
        color: var(--accent);
      }

      .outcome.refused,
      .outcome.failed {
        background: var(--danger-soft);
        color: var(--danger);
      }

      .inside {
        padding: 0 0.9rem 0.9rem;
      }
    `,
  ];

  @property({ attribute: false }) item!: SentItem;
  /** These two change while the item stays the same object. */
  @property() outcome: Outcome = "sending";
  @property({ type: Number }) attempts = 1;
  @state() private opened = false;

  protected override render() {
    const { item } = this;
    const { words: own } = this;
    const often = this.attempts > 1 ? ` · ${own.sentOften(this.attempts)}` : "";
    return html`<details @toggle=${this.#toggled}>
      <summary>
        <span class="what" dir="auto">${drawn(nameOf(item, own))}</span>
        <span class="facts muted small">
          <time datetime=${item.time}>${formatTime(item.time, this.locale)}</time>
          <span>${formatSize(item.size, this.locale)}${often}</span>
          <span class="outcome ${this.outcome}">${outcomeWords(this.outcome, own)}</span>
        </span>
        <span class="turn">${icon("forward", 18)}</span>
      </summary>
      ${this.opened ? this.#inside(own) : ""}
    </details>`;
  }

  #inside(own: Words): TemplateResult {
    const { item } = this;
    return html`<div class="inside tight">
      <p class="small muted">${destinationWords(item.destination, own)}</p>
      ${
        item.content
          ? html`<sidestage-content-view .content=${item.content} .name=${item.name || item.sort}></sidestage-content-view>`
          : html`<p class="small">${own.contentsGone}</p>`
      }
    </div>`;
  }

  #toggled = (event: Event) => {
    this.opened = (event.target as HTMLDetailsElement).open;
  };
}

function nameOf({ sort, name }: SentItem, own: Words): string {
  const others = {
    log: own.sentLog,
    event: own.sentEvent,
    exit: own.sentExit,
    session: own.sentSession,
    error: own.sentError,
  };
  return sort === "donation" ? own.sentDonation(name) : others[sort];
}

function outcomeWords(outcome: Outcome, own: Words): string {
  const each: Record<Outcome, string> = {
    sending: own.outcomeSending,
    arrived: own.outcomeArrived,
    refused: own.outcomeRefused,
    failed: own.outcomeFailed,
    unanswered: own.outcomeUnanswered,
  };
  return each[outcome];
}
