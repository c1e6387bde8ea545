/**
 * Stands in the head of every page that we make: it keeps a browser from asking any other host for anything, whatever a label, a
 * figure or a notebook on the page holds. Scripts and styles of the page itself run.
 */
export const PAGE_POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'self' file: data: blob: 'unsafe-inline' 'unsafe-eval'; form-action 'none'; base-uri 'none'">`;
