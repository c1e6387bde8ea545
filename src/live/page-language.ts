/** Chromium under the locale C calls its language `en-US@posix`, which Intl refuses; the charts ask for it when they are loaded. */
function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

if (!isLanguage(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en-US' });
