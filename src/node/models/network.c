/* How it computes: xnorlab's portable C99. Bit 1 is +1, bit 0 is -1; column c of a row is bit c % 32 of word c / 32. No library, no
 * memory but the stack (2 * NET_WIDEST_WORDS + NET_CLASSES words), and floats only where thresholds or features are floats. */

static inline int32_t net_popcount(uint32_t word) {
  word -= (word >> 1) & 0x55555555u;
  word = (word & 0x33333333u) + ((word >> 2) & 0x33333333u);
  word = (word + (word >> 4)) & 0x0f0f0f0fu;
  return (int32_t)((word * 0x01010101u & 0xffffffffu) >> 24);
}

/* The product of two rows of +1 and -1: columns that agree minus columns that differ. */
static inline int32_t net_product(const uint32_t *row, const uint32_t *bits, int32_t columns) {
  const int32_t words = (columns + 31) / 32;
  int32_t differ = 0;
  for (int32_t w = 0; w < words; w++) differ += net_popcount(row[w] ^ bits[w]);
  return columns - 2 * differ;
}

#if NET_OWN_MEDIAN
/* The lower median of the features, found by counting: it takes no memory. */
static inline NET_FEATURE net_median(const NET_FEATURE *features) {
  for (int32_t i = 0; i < NET_FEATURES; i++) {
    int32_t below = 0, equal = 0;
    for (int32_t j = 0; j < NET_FEATURES; j++) {
      below += features[j] < features[i];
      equal += features[j] == features[i];
    }
    if (below <= (NET_FEATURES - 1) / 2 && (NET_FEATURES - 1) / 2 < below + equal) return features[i];
  }
  return features[0];
}
#endif

/* Features as bits: 1 where a feature is above its threshold. */
static inline void net_pack(const NET_FEATURE *features, uint32_t *bits) {
#if NET_OWN_MEDIAN
  const NET_FEATURE median = net_median(features);
#endif
  for (int32_t w = 0; w < NET_WIDEST_WORDS; w++) bits[w] = 0;
  for (int32_t c = 0; c < NET_FEATURES * NET_LEVELS; c++) {
#if NET_OWN_MEDIAN
    const uint32_t bit = features[c] > median;
#else
    const uint32_t bit = features[c / NET_LEVELS] > net_input_thresholds[c];
#endif
    bits[c / 32] |= bit << (c % 32);
  }
}

/* What the layer above is shown: signs of products, or of majorities of them where neurons vote. */
static inline void net_activate(const net_layer *layer, const uint32_t *inputs, uint32_t *outputs) {
  const uint32_t *row = layer->weights;
  int32_t neuron = 0;
  for (int32_t w = 0; w < NET_WIDEST_WORDS; w++) outputs[w] = 0;
  for (int32_t output = 0; neuron < layer->neurons; output++) {
    int32_t votes = 0;
    for (int32_t voter = 0; voter < layer->voters; voter++, neuron++, row += (layer->inputs + 31) / 32) {
      const int32_t threshold = layer->thresholds ? layer->thresholds[neuron] : 0;
      votes += net_product(row, inputs, layer->inputs) >= threshold ? 1 : -1;
    }
    outputs[output / 32] |= (uint32_t)(votes >= 0) << (output % 32);
  }
}

/* A logit as it is compared; each step is rounded to 32 bits, which volatile sees to. */
static inline NET_LOGIT net_normalized(int32_t class_number, int32_t logit) {
#if NET_NORMALIZED
  const float *norm = net_logit_norm[class_number];
  volatile float value = (float)logit - norm[0];
  value = value / norm[1];
  value = value * norm[2];
  value = value + norm[3];
  return value;
#else
  (void)class_number;
  return logit;
#endif
}

static inline void net_logits(const NET_FEATURE *features, NET_LOGIT *logits) {
  uint32_t bits[2][NET_WIDEST_WORDS];
  int32_t sums[NET_CLASSES] = {0};
  net_pack(features, bits[0]);
  for (int32_t l = 0; l < NET_LAYERS; l++) {
    const net_layer *layer = &net_layers[l];
    const int32_t width = layer->neurons / layer->voters;
    const uint32_t *outputs = bits[(l + 1) % 2];
    net_activate(layer, bits[l % 2], bits[(l + 1) % 2]);
    if (!layer->classifier) continue;
    for (int32_t c = 0; c < NET_CLASSES; c++) {
      sums[c] += net_product(layer->classifier + c * ((width + 31) / 32), outputs, width);
    }
  }
  for (int32_t c = 0; c < NET_CLASSES; c++) logits[c] = net_normalized(c, sums[c]);
}

/* The class of the largest logit, the lowest one on ties. */
static inline int32_t net_predict(const NET_FEATURE *features) {
  NET_LOGIT logits[NET_CLASSES];
  int32_t best = 0;
  net_logits(features, logits);
  for (int32_t c = 1; c < NET_CLASSES; c++) {
    if (logits[c] > logits[best]) best = c;
  }
  return best;
}

/* How many golden vectors come out otherwise than in xnorlab. */
static inline int32_t net_check(void) {
  int32_t wrong = 0;
  for (int32_t g = 0; g < NET_GOLDEN; g++) {
    const NET_FEATURE *features = net_golden_features + g * NET_FEATURES;
    NET_LOGIT logits[NET_CLASSES];
    int32_t same = net_predict(features) == net_golden_classes[g];
    net_logits(features, logits);
    for (int32_t c = 0; c < NET_CLASSES; c++) same &= logits[c] == net_golden_logits[g * NET_CLASSES + c];
    wrong += !same;
  }
  return wrong;
}
