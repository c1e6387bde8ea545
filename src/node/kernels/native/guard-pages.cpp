// Runs every operation of every instruction set on arrays that end, or begin, at a page that may not be touched, and
// compares with the scalar definition. AddressSanitizer does not see masked vector loads; the processor does.
// A program of its own, built and run by scripts/sanitize-native.sh; not part of the addon.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "majority.h"
#include "operations.h"
#include "scratch.h"
#include "transpose.h"

using namespace xnorlab;

namespace {

uint64_t randomState = 88172645463325252u;

uint32_t below(uint32_t bound) {
  randomState ^= randomState << 13;
  randomState ^= randomState >> 7;
  randomState ^= randomState << 17;
  return static_cast<uint32_t>(randomState >> 32) % bound;
}

/** `length` entries between two pages that may not be touched, at the end or the beginning of what lies between. */
template <typename T>
class Guarded {
 public:
  explicit Guarded(size_t length) : length_(length) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t bytes = length * sizeof(T);
    mapped_ = (bytes + page - 1) / page * page + 2 * page;
    map_ = static_cast<char*>(mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (map_ == MAP_FAILED) std::abort();
    if (mprotect(map_ + page, mapped_ - 2 * page, PROT_READ | PROT_WRITE) != 0) std::abort();
    const bool atEnd = below(2);
    data_ = reinterpret_cast<T*>(atEnd ? map_ + mapped_ - page - bytes : map_ + page);
  }
  Guarded(const Guarded& other) : Guarded(other.length_) { std::memcpy(data_, other.data_, length_ * sizeof(T)); }
  Guarded& operator=(const Guarded&) = delete;
  ~Guarded() { munmap(map_, mapped_); }

  operator T*() { return data_; }
  bool operator==(const Guarded& other) const { return std::memcmp(data_, other.data_, length_ * sizeof(T)) == 0; }

 private:
  size_t length_;
  size_t mapped_;
  char* map_;
  T* data_;
};

size_t rowWordsFor(size_t columns) { return (columns + 63) / 64 * 2; }

Guarded<uint32_t> randomBits(size_t rows, size_t columns) {
  const size_t rowWords = rowWordsFor(columns);
  Guarded<uint32_t> bits(rows * rowWords);
  for (size_t i = 0; i < rows * rowWords; i++) bits[i] = 0;
  for (size_t i = 0; i < rows * columns; i++) {
    bits[i / columns * rowWords + i % columns / 32] |= below(2) << (i % columns % 32);
  }
  return bits;
}

template <typename T>
Guarded<T> randomIntegers(size_t length, int32_t limit) {
  Guarded<T> values(length);
  for (size_t i = 0; i < length; i++) {
    values[i] = static_cast<T>(static_cast<int32_t>(below(2 * static_cast<uint32_t>(limit) + 1)) - limit);
  }
  return values;
}

[[noreturn]] void fail(const Operations& operations, const char* operation) {
  std::fprintf(stderr, "%s: %s differs from the scalar version\n", operations.name, operation);
  std::exit(1);
}

/** Rows of one value, so that a count is as large or as small as it can be. */
Guarded<uint32_t> equalBits(size_t rows, size_t columns, uint32_t bit) {
  const size_t rowWords = rowWordsFor(columns);
  Guarded<uint32_t> bits(rows * rowWords);
  for (size_t i = 0; i < rows * rowWords; i++) bits[i] = 0;
  for (size_t i = 0; i < rows * columns; i++) bits[i / columns * rowWords + i % columns / 32] |= bit << (i % columns % 32);
  return bits;
}

void checkProduct(const Operations& operations) {
  // Now and then more samples, and more columns, than are worked on at a time.
  const bool isTall = below(20) == 0, isWide = below(20) == 0, isExtreme = below(8) == 0;
  const size_t samples = isTall ? 120 + below(30) : 1 + below(12);
  const size_t neurons = isTall ? 1 + below(5) : 1 + below(140);
  const size_t columns = isWide ? 3700 + below(4400) : 1 + below(900);
  auto inputs = isExtreme ? equalBits(samples, columns, 1) : randomBits(samples, columns);
  auto weights = isExtreme ? equalBits(neurons, columns, below(2)) : randomBits(neurons, columns);
  Guarded<int32_t> out(samples * neurons), expected(samples * neurons);
  const size_t rowWords = rowWordsFor(columns), signWords = rowWordsFor(neurons);
  const BitRows a{inputs, samples, columns, rowWords}, b{weights, neurons, columns, rowWords};
  Scratch scratch;
  Guarded<uint32_t> signs(samples * signWords), expectedSigns(samples * signWords);
  std::memset(signs, 0, samples * signWords * sizeof(uint32_t));
  const bool packs = operations.productPacksSigns && below(2);
  const Product product{a, b, out, packs ? static_cast<uint32_t*>(signs) : nullptr};
  // In two parts, as two threads would have them.
  const size_t half = neurons / 2 / operations.neuronBlock * operations.neuronBlock;
  if (half > 0) operations.product(product, {0, samples}, {0, half}, scratch);
  operations.product(product, {0, samples}, {half, neurons}, scratch);
  scalarOperations.product({a, b, expected, nullptr}, {0, samples}, {0, neurons}, scratch);
  if (!(out == expected)) fail(operations, "product");
  for (size_t s = 0; s < samples; s++) {
    scalarOperations.packSigns32(expected + s * neurons, neurons, expectedSigns + s * signWords);
  }
  if (packs && !(signs == expectedSigns)) fail(operations, "the signs of product");
}

void checkPackSigns(const Operations& operations) {
  const size_t columns = 1 + below(300);
  auto shorts = randomIntegers<int16_t>(columns, 3);
  auto ints = randomIntegers<int32_t>(columns, 3);
  Guarded<uint32_t> out(rowWordsFor(columns)), expected(rowWordsFor(columns));
  operations.packSigns16(shorts, columns, out);
  scalarOperations.packSigns16(shorts, columns, expected);
  if (!(out == expected)) fail(operations, "packSigns16");
  operations.packSigns32(ints, columns, out);
  scalarOperations.packSigns32(ints, columns, expected);
  if (!(out == expected)) fail(operations, "packSigns32");
}

void checkPackGates(const Operations& operations) {
  const size_t columns = 1 + below(300);
  auto values = randomIntegers<int32_t>(columns, 20);
  Guarded<uint32_t> out(rowWordsFor(columns)), expected(rowWordsFor(columns));
  const int32_t limit = below(9) ? static_cast<int32_t>(below(20)) : INT32_MAX;
  operations.packGates(values, columns, limit, out);
  scalarOperations.packGates(values, columns, limit, expected);
  if (!(out == expected)) fail(operations, "packGates");
}

/** The same for all instruction sets; compared with the definition, bit by bit. */
void checkTranspose(const Operations& operations) {
  const size_t rows = 1 + below(200), columns = 1 + below(200);
  auto bits = randomBits(rows, columns);
  Guarded<uint32_t> out(columns * rowWordsFor(rows)), expected(columns * rowWordsFor(rows));
  transposeBits({bits, rows, columns, rowWordsFor(columns)}, {0, columns}, out);
  for (size_t i = 0; i < columns * rowWordsFor(rows); i++) expected[i] = 0;
  for (size_t i = 0; i < rows * columns; i++) {
    const size_t k = i / columns, n = i % columns;
    expected[n * rowWordsFor(rows) + k / 32] |= (bits[k * rowWordsFor(columns) + n / 32] >> n % 32 & 1) << k % 32;
  }
  if (!(out == expected)) fail(operations, "transposeBits");
}

void checkMajority(const Operations& operations) {
  const size_t groupSize = 1 + below(80), groups = 1 + below(80), columns = groups * groupSize;
  auto bits = randomBits(1, columns);
  Guarded<uint32_t> out(rowWordsFor(groups)), expected(rowWordsFor(groups));
  packRowMajority(bits, columns, groupSize, out);
  for (size_t i = 0; i < rowWordsFor(groups); i++) expected[i] = 0;
  for (size_t j = 0; j < groups; j++) {
    int votes = 0;
    for (size_t k = j * groupSize; k < (j + 1) * groupSize; k++) votes += bits[k / 32] >> k % 32 & 1 ? 1 : -1;
    if (votes >= 0) expected[j / 32] |= 1u << j % 32;
  }
  if (!(out == expected)) fail(operations, "packRowMajority");
}

void checkFindTriggers(const Operations& operations) {
  const size_t samples = 1 + below(20), classes = 2 + below(40);
  auto values = randomIntegers<int32_t>(samples * classes, below(2) ? 3 : 50);
  Guarded<uint32_t> labels(samples), listed(samples), expected(samples);
  for (size_t b = 0; b < samples; b++) labels[b] = below(static_cast<uint32_t>(classes));
  for (size_t b = 0; b < samples; b++) listed[b] = expected[b] = 0;
  const Logits logits{values, classes, labels};
  const int64_t margin = below(5);
  const auto count = operations.findTriggers(logits, {0, samples}, margin, listed);
  const auto right = scalarOperations.findTriggers(logits, {0, samples}, margin, expected);
  const bool same = std::memcmp(listed, expected, right.listed * sizeof(uint32_t)) == 0;
  if (count.wrong != right.wrong || count.listed != right.listed || !same) fail(operations, "findTriggers");
}

void checkSelectNeurons(const Operations& operations) {
  const size_t groupSize = 1 + below(60), groups = 1 + below(8), neurons = groups * groupSize;
  auto z = randomIntegers<int32_t>(neurons, below(8) ? 30 : (1 << 30) - 1);
  auto desired = randomBits(1, neurons);
  Guarded<uint32_t> samples(groups), ofNeurons(groups), expectedSamples(groups), expectedNeurons(groups);
  Guarded<int8_t> directions(groups), expectedDirections(groups);
  const Selection selection{z, neurons, groupSize};
  const size_t count = operations.selectNeurons(selection, 0, desired, {samples, ofNeurons, directions});
  const size_t right =
      scalarOperations.selectNeurons(selection, 0, desired, {expectedSamples, expectedNeurons, expectedDirections});
  const bool same = count == right && std::memcmp(ofNeurons, expectedNeurons, right * sizeof(uint32_t)) == 0 &&
                    std::memcmp(directions, expectedDirections, right) == 0;
  if (!same) fail(operations, "selectNeurons");
}

void checkApplySteps(const Operations& operations) {
  const size_t columns = 1 + below(900), samples = 4;
  const size_t count = below(50) ? 1 + below(20) : 16380 + below(8);
  auto hidden = randomIntegers<int16_t>(columns, 40);
  auto visible = randomBits(1, columns);
  auto inputs = randomBits(samples, columns);
  std::vector<NeuronStep> steps;
  const bool isAway = below(2);
  for (size_t i = 0; i < count; i++) {
    steps.push_back({inputs + below(samples) * rowWordsFor(columns), isAway == (below(9) > 0) ? 0xffffffff : 0});
  }
  Guarded<int16_t> expectedHidden(hidden);
  Guarded<uint32_t> expectedVisible(visible);
  const int32_t bound = below(2) ? 32767 : 41;
  const size_t flips = operations.applySteps({hidden, visible, columns, bound}, {steps.data(), count});
  const NeuronWeights expected{expectedHidden, expectedVisible, columns, bound};
  const size_t right = scalarOperations.applySteps(expected, {steps.data(), count});
  if (flips != right || !(hidden == expectedHidden) || !(visible == expectedVisible)) fail(operations, "applySteps");
}

/** Zeros as they come: nothing, or bits. */
uint32_t* perhaps(Guarded<uint32_t>& bits) { return below(3) ? static_cast<uint32_t*>(bits) : nullptr; }

void checkApplyTernarySteps(const Operations& operations) {
  const size_t columns = 1 + below(900), samples = 4, count = 1 + below(20);
  auto hidden = randomIntegers<int16_t>(columns, 40);
  auto visible = randomBits(1, columns), zeros = randomBits(1, columns);
  auto inputs = randomBits(samples, columns), inputZeros = randomBits(samples, columns);
  std::vector<NeuronStep> steps;
  for (size_t i = 0; i < count; i++) {
    steps.push_back({inputs + below(samples) * rowWordsFor(columns), below(2) ? 0xffffffff : 0});
  }
  Guarded<int16_t> expectedHidden(hidden);
  Guarded<uint32_t> expectedVisible(visible), expectedZeros(zeros);
  const int32_t bound = below(2) ? 32767 : 41;
  const bool marksZeros = below(3);
  const InputZeros ofInputs{inputs, perhaps(inputZeros)};
  const NeuronSteps list{steps.data(), count};
  const size_t changes =
      operations.applyTernarySteps({hidden, visible, columns, bound}, marksZeros ? static_cast<uint32_t*>(zeros) : nullptr, list, ofInputs);
  const size_t right = scalarOperations.applyTernarySteps({expectedHidden, expectedVisible, columns, bound},
                                                          marksZeros ? static_cast<uint32_t*>(expectedZeros) : nullptr, list, ofInputs);
  const bool same = changes == right && hidden == expectedHidden && visible == expectedVisible && zeros == expectedZeros;
  if (!same) fail(operations, "applyTernarySteps");
}

void checkApplyConsolidatedSteps(const Operations& operations) {
  const size_t columns = 1 + below(900), samples = 4;
  const size_t count = below(50) ? 1 + below(20) : 16380 + below(8);
  auto hidden = randomIntegers<int16_t>(columns, below(2) ? 40 : 20000);
  auto visible = randomBits(1, columns);
  auto inputs = randomBits(samples, columns);
  std::vector<NeuronStep> steps;
  for (size_t i = 0; i < count; i++) {
    steps.push_back({inputs + below(samples) * rowWordsFor(columns), below(2) ? 0xffffffff : 0});
  }
  auto lanes = randomBits(1, 32 * laneCount);
  auto limits = randomIntegers<int16_t>(limitCount, 32767);
  const Refusals refusals{lanes, below(1u << 31), limits, below(2) ? 0 : below(32768), below(16)};
  Guarded<int16_t> expectedHidden(hidden);
  Guarded<uint32_t> expectedVisible(visible);
  const int32_t bound = below(2) ? 32767 : 41;
  const NeuronSteps list{steps.data(), count};
  const size_t flips = operations.applyConsolidatedSteps({hidden, visible, columns, bound}, list, refusals);
  const NeuronWeights expected{expectedHidden, expectedVisible, columns, bound};
  const size_t right = scalarOperations.applyConsolidatedSteps(expected, list, refusals);
  const bool same = flips == right && hidden == expectedHidden && visible == expectedVisible;
  if (!same) fail(operations, "applyConsolidatedSteps");
}

}  // namespace

int main(int argumentCount, char** arguments) {
  const int rounds = argumentCount > 1 ? std::atoi(arguments[1]) : 1000;
  for (size_t i = 0; operationsAt(i) != nullptr; i++) {
    const Operations& operations = *operationsAt(i);
    for (int round = 0; round < rounds; round++) {
      checkProduct(operations);
      checkPackSigns(operations);
      checkPackGates(operations);
      checkTranspose(operations);
      checkMajority(operations);
      checkFindTriggers(operations);
      checkSelectNeurons(operations);
      checkApplySteps(operations);
      checkApplyTernarySteps(operations);
      checkApplyConsolidatedSteps(operations);
    }
    std::printf("%s: %d rounds between guard pages\n", operations.name, rounds);
  }
  return 0;
}
