/** Excel and the web: frames are made from rows, and xnorlab reads files itself. */
const refuse = () => {
  throw new Error(
    'xnorlab leaves the part of danfojs out that reads and writes Excel and reads from the web: fetch the text yourself, or install danfojs-node for it',
  );
};

module.exports = new Proxy(refuse, {
  get: (_, name) => (name === '__esModule' || typeof name === 'symbol' ? undefined : module.exports),
});
