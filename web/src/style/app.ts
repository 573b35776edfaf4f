/** The ground that a page stands on: one calm card on a wide screen, the whole screen on a phone. */
import { css } from "lit";

export const appStyle = css`
  :host {
    box-sizing: border-box;
    min-height: 100vh;
    min-height: 100dvh;
    padding: clamp(0px, 4vw, 3.5rem) clamp(0px, 3vw, 1.5rem);
    background: var(--ground);
    color: var(--ink);
    font-family: var(--font);
    line-height: 1.55;
  }

  /* The host makes the frame as high as the page; a page as high as its frame could then never shrink. */
  :host([framed]) {
    min-height: 0;
  }

  :host([framed][panel]) {
    min-height: 44rem;
  }

  main {
    position: relative;
    box-sizing: border-box;
    max-width: calc(var(--text-width) + 2 * var(--inner));
    margin: 0 auto;
    padding: var(--inner);
    padding-bottom: 0.75rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    box-shadow: var(--shadow);
    --inner: clamp(1.25rem, 4vw, 2.75rem);
  }

  main.wide {
    max-width: calc(62rem + 2 * var(--inner));
  }

  .view {
    transition: opacity 200ms;
  }

  .view[inert] {
    opacity: 0.55;
  }

  .busy {
    position: sticky;
    bottom: 0.75rem;
    display: flex;
    align-items: center;
    gap: 0.6rem;
    width: fit-content;
    min-height: 2.25rem;
    margin-top: 0.25rem;
    padding: 0.2rem 1rem 0.2rem 0.75rem;
    border: 1px solid var(--line);
    border-radius: 2rem;
    background: var(--card);
  }

  .busy:empty {
    visibility: hidden;
  }

  .wheel {
    width: 1.1rem;
    height: 1.1rem;
    border: 3px solid var(--line);
    border-top-color: var(--accent);
    border-radius: 50%;
    animation: turn 900ms linear infinite;
  }

  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }

  .notice {
    display: flex;
    align-items: flex-start;
    gap: 0.5rem;
    margin-bottom: 1.5rem;
    padding: 0.5rem 0.5rem 0.5rem 1rem;
    border: 1px solid var(--accent);
    border-radius: 0.6rem;
    background: var(--accent-soft);
  }

  .notice.refused {
    border-color: var(--warn-line);
    background: var(--warn-soft);
  }

  .notice p {
    flex: 1;
    padding: 0.5rem 0;
  }

  footer {
    display: flex;
    justify-content: center;
    margin-top: 0.75rem;
  }

  .output {
    max-width: 62rem;
    margin: 1.5rem auto;
    padding: 0 1.25rem;
    color: var(--muted);
  }

  .output summary {
    min-height: 2.75rem;
    padding: 0.6rem 0;
    cursor: pointer;
  }

  @media (max-width: 40rem) {
    :host {
      padding: 0;
      background: var(--card);
    }

    main {
      min-height: 60vh;
      border: 0;
      border-radius: 0;
      box-shadow: none;
    }
  }
`;
