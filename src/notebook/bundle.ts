/** The same content in several formats, by MIME type; a notebook shows the richest it can. */
export type MimeBundle = Readonly<Record<string, unknown>>;
