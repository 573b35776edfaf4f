/** How a sheet above the page looks. */
import { css } from "lit";

/** A sheet above the page: a head that stays, and below it what can be scrolled. Its element sets how large it may be. */
export const sheet = css`
  dialog {
    width: min(var(--sheet-width), calc(100vw - 2rem));
    max-height: min(var(--sheet-height), calc(100vh - 2rem));
    padding: 0;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    color: var(--ink);
    box-shadow: 0 20px 60px rgb(0 0 0 / 30%);
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
  }

  dialog::backdrop {
    background: rgb(8 16 15 / 55%);
  }

  .head {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    padding: 0.5rem 0.5rem 0.5rem 1.5rem;
    border-bottom: 1px solid var(--line);
  }

  h2 {
    flex: 1;
  }
`;
