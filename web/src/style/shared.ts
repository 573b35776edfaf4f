/**
 * What all elements share: colours, sizes and the plain parts (buttons, fields, progress). Everything is reached through
 * custom properties on the app, so that a page around it can change them.
 */
import { css } from "lit";

/** The custom properties; the app sets them for all that is inside it. */
export const tokens = css`
  :host {
    color-scheme: light dark;
    --ground: #f2f5f4;
    --card: #ffffff;
    --sunken: #f6f8f7;
    --ink: #17211f;
    --muted: #556561;
    --line: #dbe2e0;
    --field-line: #7d8c88;
    --accent: #0a6b62;
    --accent-strong: #07534c;
    --accent-soft: #e2f1ee;
    --on-accent: #ffffff;
    --danger: #a8321f;
    --danger-soft: #fcedea;
    --warn-soft: #fdf4dd;
    --warn-line: #b98a1d;
    --radius: 1rem;
    --shadow: 0 1px 2px rgb(12 40 36 / 6%), 0 10px 32px rgb(12 40 36 / 7%);
    --text-width: 44rem;
    --font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
    --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
  }

  @media (prefers-color-scheme: dark) {
    :host {
      --ground: #111615;
      --card: #1a211f;
      --sunken: #141a19;
      --ink: #e8eeec;
      --muted: #a3b2ae;
      --line: #33403d;
      --field-line: #74857f;
      --accent: #6fd3c5;
      --accent-strong: #93e2d6;
      --accent-soft: #1d3531;
      --on-accent: #08211e;
      --danger: #ff9d8a;
      --danger-soft: #3a211c;
      --warn-soft: #37301b;
      --warn-line: #b9963f;
      --shadow: none;
    }
  }
`;

/** The plain parts: every prompt looks of a piece. */
export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
  }

  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  p,
  ul,
  fieldset,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }

  h1 {
    font-size: clamp(1.5rem, 1.2rem + 1.4vw, 2rem);
    line-height: 1.2;
    letter-spacing: -0.015em;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }

  h2 {
    font-size: 1.2rem;
    line-height: 1.3;
    letter-spacing: -0.005em;
    overflow-wrap: anywhere;
  }

  p {
    max-width: var(--text-width);
    text-wrap: pretty;
    overflow-wrap: anywhere;
  }

  .stack {
    display: grid;
    gap: 1.25rem;
    grid-template-columns: minmax(0, 1fr);
  }

  .tight {
    display: grid;
    gap: 0.5rem;
    grid-template-columns: minmax(0, 1fr);
  }

  .muted {
    color: var(--muted);
  }

  .small {
    font-size: 0.9rem;
  }

  /* Stands for a character that is not seen. */
  .mark {
    display: inline-block;
    margin-inline: 0.1em;
    padding-inline: 0.3em;
    border: 1px solid var(--warn-line);
    border-radius: 0.3em;
    background: var(--warn-soft);
    color: var(--ink);
    font: 0.75em / 1.3 var(--mono);
    direction: ltr;
    unicode-bidi: isolate;
    white-space: nowrap;
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }

  h1:focus,
  h2:focus {
    outline: none;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    margin-top: 0.5rem;
  }

  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    min-height: 2.75rem;
    min-width: 2.75rem;
    padding: 0.5rem 1.25rem;
    border: 1px solid var(--field-line);
    border-radius: 0.6rem;
    background: var(--card);
    color: var(--ink);
    font: inherit;
    font-weight: 550;
    line-height: 1.25;
    text-decoration: none;
    cursor: pointer;
    transition:
      background-color 120ms,
      border-color 120ms,
      color 120ms;
  }

  button:hover,
  .button:hover {
    background: var(--accent-soft);
    border-color: var(--accent);
  }

  button.primary,
  .button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }

  button.primary:hover,
  .button.primary:hover {
    border-color: var(--accent-strong);
    background: var(--accent-strong);
  }

  button.danger {
    color: var(--danger);
  }

  button.danger:hover {
    border-color: var(--danger);
    background: var(--danger-soft);
  }

  /* A button that has just come is not live for a moment, and looks as it will. */
  button[aria-disabled="true"]:not([data-settling]),
  button[aria-disabled="true"]:not([data-settling]):hover {
    border-color: var(--line);
    background: var(--sunken);
    color: var(--muted);
    cursor: not-allowed;
  }

  button.icon {
    padding: 0;
    border-color: transparent;
    background: transparent;
    color: var(--muted);
  }

  button.icon:hover {
    background: var(--accent-soft);
    color: var(--accent);
  }

  .alert:empty {
    display: none;
  }

  .problem {
    display: flex;
    gap: 0.6rem;
    max-width: var(--text-width);
    padding: 0.75rem 1rem;
    border-radius: 0.6rem;
    background: var(--danger-soft);
    color: var(--danger);
    overflow-wrap: anywhere;
  }

  .problem svg {
    flex: none;
    margin-top: 0.15em;
  }

  progress {
    appearance: none;
    display: block;
    width: 100%;
    height: 0.6rem;
    border: 0;
    border-radius: 1rem;
    overflow: hidden;
    background: var(--line);
    color: var(--accent);
  }

  progress::-webkit-progress-bar {
    background: var(--line);
  }

  progress::-webkit-progress-value {
    border-radius: 1rem;
    background: var(--accent);
    transition: inline-size 250ms ease-out;
  }

  progress::-moz-progress-bar {
    border-radius: 1rem;
    background: var(--accent);
  }

  progress:indeterminate {
    background: linear-gradient(90deg, var(--line) 25%, var(--accent) 50%, var(--line) 75%) 0 0 / 200% 100%;
    animation: slide 1.6s linear infinite;
  }

  progress:indeterminate::-webkit-progress-bar {
    background: transparent;
  }

  progress:indeterminate::-moz-progress-bar {
    background: transparent;
  }

  @keyframes slide {
    from {
      background-position: 200% 0;
    }
    to {
      background-position: 0 0;
    }
  }

  pre {
    margin: 0;
    max-height: 22rem;
    overflow: auto;
    padding: 1rem;
    border: 1px solid var(--line);
    border-radius: 0.6rem;
    background: var(--sunken);
    font: 0.85rem / 1.5 var(--mono);
    tab-size: 4;
  }

  /* Where the system chooses the colours, a bar of our own would be invisible. */
  @media (forced-colors: active) {
    progress {
      appearance: auto;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after,
    progress::-webkit-progress-value {
      animation: none !important;
      transition: none !important;
    }
  }
`;
