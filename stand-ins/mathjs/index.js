/** The statistics that danfojs asks mathjs for, of an array without missing values. */

function checked(name, values) {
  if (values.length === 0) throw new Error(`Cannot calculate ${name} of an empty array`);
  return values;
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

exports.mean = (values) => sum(checked('mean', values)) / values.length;

/** Of the sample; 0 for a single value, as mathjs has it. */
exports.variance = (values) => {
  const center = sum(checked('variance', values)) / values.length;
  const squares = sum(values.map((value) => (value - center) ** 2));
  return values.length === 1 ? squares : squares / (values.length - 1);
};

exports.std = (values) => Math.sqrt(exports.variance(values));

exports.median = (values) => {
  const sorted = [...checked('median', values)].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** All values that are most frequent, in the order in which they come first. */
exports.mode = (values) => {
  const counts = new Map();
  for (const value of checked('mode', values)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts.keys()].filter((value) => counts.get(value) === most);
};
