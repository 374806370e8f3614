/** What can be said of the agent's browser before it is started. */
export type BrowserState =
  | {
      readonly kind: 'ready';
      /** Every conversation has it; otherwise only those that ask for it (`hasBrowser`). */
      readonly isAlways: boolean;
      /** Absolute real path of the folder below which it saves what nobody named a file for; made when it is used. */
      readonly folder?: string | undefined;
    }
  /** `reason`: what is missing; `hint`: what to do. One sentence each. */
  | { readonly kind: 'missing'; readonly reason: string; readonly hint: string };
