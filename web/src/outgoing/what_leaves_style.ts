/** How the list of what leaves the page looks: quiet at the foot, and a sheet of calm lines when it is open. */
import { css } from "lit";

export const whatLeavesStyle = css`
  .quiet {
    gap: 0.45rem;
    padding: 0.5rem 0.9rem;
    border-color: transparent;
    background: transparent;
    color: var(--muted);
    font-size: 0.9rem;
    font-weight: 500;
  }

  .quiet:hover {
    border-color: transparent;
    color: var(--accent);
  }

  dialog {
    --sheet-width: 46rem;
    --sheet-height: 52rem;
    line-height: 1.5;
  }

  :host([framed]) dialog {
    margin-bottom: 1rem;
  }

  h3 {
    margin: 0;
    font-size: 1rem;
  }

  .inside {
    display: grid;
    gap: 1.75rem;
    grid-template-columns: minmax(0, 1fr);
    overflow: auto;
    padding: 1.25rem 1.5rem 1.75rem;
  }

  .inside:focus-visible {
    outline-offset: -3px;
  }

  ul {
    display: grid;
    gap: 0.4rem;
    padding-left: 1.25rem;
  }

  ul li::marker {
    color: var(--accent);
  }

  code {
    font: 0.85rem var(--mono);
    overflow-wrap: anywhere;
  }

  ol {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    margin: 0;
    padding: 0;
    border: 1px solid var(--line);
    border-radius: 0.75rem;
    overflow: clip;
    list-style: none;
  }

  ol li + li {
    border-top: 1px solid var(--line);
  }

  .empty {
    padding: 1.25rem;
    border: 1px dashed var(--line);
    border-radius: 0.75rem;
    text-align: center;
  }

  @media (max-width: 40rem) {
    dialog {
      width: 100vw;
      max-width: 100vw;
      max-height: calc(100dvh - 2.5rem);
      margin: auto 0 0;
      border-width: 1px 0 0;
      border-radius: var(--radius) var(--radius) 0 0;
    }

    .head {
      padding-left: 1.25rem;
    }

    .inside {
      padding: 1.25rem;
    }
  }
`;
