/** How a table looks: fixed rows, a head and outer columns that stay in sight, one frame around it all. */
import { css } from "lit";

export const tableStyle = css`
  .table-section {
    display: grid;
    gap: 1rem;
    grid-template-columns: minmax(0, 1fr);
  }

  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem;
    align-items: center;
  }

  .tools .found {
    flex-basis: 100%;
    margin: 0;
  }

  .tools .found:empty {
    display: none;
  }

  .search {
    position: relative;
    flex: 1 1 14rem;
    color: var(--muted);
  }

  .search svg {
    position: absolute;
    inset: 0 auto 0 0.8rem;
    margin-block: auto;
    pointer-events: none;
  }

  .search input {
    width: 100%;
    min-height: 2.75rem;
    padding: 0.5rem 0.75rem 0.5rem 2.5rem;
    border: 1px solid var(--field-line);
    border-radius: 0.6rem;
    background: var(--card);
    color: var(--ink);
    font: inherit;
  }

  .search input::placeholder {
    color: var(--muted);
    opacity: 1;
  }

  .frame,
  .notice {
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    overflow: hidden;
  }

  .notice {
    padding: 1.25rem;
    max-width: none;
  }

  .nothing {
    padding: 2.5rem 1.25rem;
    max-width: none;
    text-align: center;
  }

  /* What a column may take is measured by what is in sight of the table. */
  .frame {
    container-type: inline-size;
  }

  .scroller {
    position: relative;
    max-height: min(35.75rem, 70vh);
    max-height: min(35.75rem, 70svh);
    overflow: auto;
    overscroll-behavior: contain;
    overflow-anchor: none;
  }

  table {
    table-layout: fixed;
    border-collapse: separate;
    border-spacing: 0;
    font-size: 0.95rem;
    font-variant-numeric: tabular-nums;
  }

  th,
  td {
    height: 2.75rem;
    padding: 0 0.875rem;
    border-bottom: 1px solid var(--line);
    text-align: start;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  th {
    position: sticky;
    top: 0;
    z-index: 2;
    background: var(--sunken);
    font-size: 0.875rem;
    font-weight: 650;
    color: var(--muted);
  }

  .number {
    text-align: end;
  }

  .check,
  .open {
    position: sticky;
    padding: 0;
    overflow: visible;
    text-align: center;
  }

  td.check,
  td.open {
    z-index: 1;
    background: var(--card);
  }

  .check {
    inset-inline-start: 0;
  }

  .open {
    inset-inline-end: 0;
    border-inline-start: 1px solid var(--line);
  }

  th.check,
  th.open {
    z-index: 3;
  }

  .check label {
    display: grid;
    place-items: center;
    height: 100%;
    min-height: 2.6rem;
    cursor: pointer;
  }

  .check input {
    width: 1.15rem;
    height: 1.15rem;
    margin: 0;
    accent-color: var(--accent);
    cursor: pointer;
  }

  .open button {
    width: 100%;
    min-width: 0;
    min-height: 2.6rem;
    border-radius: 0.4rem;
  }

  /* A mask, since a drawing of its own in every row would cost more than all the text. */
  .open button::before {
    content: "";
    width: 1.05rem;
    height: 1.05rem;
    background: currentcolor;
    mask: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='black' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='M14 4h6v6M20 4l-6.5 6.5M10 20H4v-6M4 20l6.5-6.5'/%3E%3C/svg%3E")
      center / contain no-repeat;
  }

  .open button:focus-visible {
    outline-offset: -3px;
  }

  .long {
    display: flex;
    gap: 0.4rem;
    align-items: baseline;
  }

  .long .start {
    flex: 1 1 auto;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .long .more {
    flex: none;
    direction: ltr;
    unicode-bidi: isolate;
  }

  td.cell {
    cursor: pointer;
  }

  tbody tr:hover td {
    background: var(--sunken);
  }

  tbody tr.selected td {
    background: var(--accent-soft);
  }

  tr.space td,
  tr.space:hover td {
    height: auto;
    padding: 0;
    border: 0;
    background: transparent;
  }

  .missing {
    color: var(--muted);
    opacity: 0.7;
  }

  .counts {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0.25rem 1rem;
    min-height: 2.75rem;
    align-items: center;
    padding: 0.5rem 0.875rem;
    background: var(--sunken);
    border-top: 1px solid var(--line);
    margin-top: -1px;
    position: relative;
  }

  @media (forced-colors: active) {
    .open button::before {
      background: ButtonText;
      forced-color-adjust: none;
    }
  }

  @media (max-width: 36rem) {
    .search {
      flex-basis: 100%;
    }

    .tools button {
      flex: 1 1 auto;
      padding-inline: 0.75rem;
      white-space: nowrap;
    }

    .scroller {
      max-height: 62svh;
    }

    .check input {
      width: 1.35rem;
      height: 1.35rem;
    }
  }
`;
