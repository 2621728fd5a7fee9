/** Podcasts: making episodes, their scripts and voices, templates, digests. */
export const podcasts = {} as const;
