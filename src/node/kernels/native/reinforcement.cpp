// The body of reinforce.
//
// The draws are those of one stream, and where each leads follows from all before it. Threads share them all the same: a stretch
// of them is drawn by itself, from the state at its beginning, to which the stream jumps; and where it begins among the weights is known
// when those before it have been added up.
#include <algorithm>
#include <cmath>

#include "gaps.h"
#include "instance.h"
#include "signatures.h"

namespace xnorlab {
namespace {

/** Below this many draws a reinforcement is done before another thread has woken up. */
constexpr size_t smallReinforcement = 2048;

/** Draws of one thread that works alone, at a time: those after the last weight are made in vain. */
constexpr size_t drawnAlone = 64;

/** Most stretches at a time. */
constexpr size_t mostStretches = 256;

struct Stretch {
  Xoroshiro start;
  /** Where it begins among the weights. */
  uint64_t position;
  /** Positions that it passes. */
  uint64_t passed;
  size_t hits;
  DrawnGaps gaps;
};

/** How many draws lead past so many weights, on average: each is a hit with the probability that the first threshold tells. */
double expectedDraws(const GapStream& stream, size_t weights) {
  const double probability = stream.thresholds[0] / 4294967296.0, longest = static_cast<double>(stream.length);
  const double passed = probability > 0 ? (1 - std::pow(1 - probability, longest)) / probability : longest;
  return static_cast<double>(weights) / passed;
}

/** The stream after the first `draws` draws from `start` on. */
Xoroshiro drawnFrom(Xoroshiro start, size_t draws) {
  for (size_t i = 0; i < draws; i++) start.next();
  return start;
}

size_t reinforceAlone(const HiddenRow& hidden, GapStream& stream) {
  size_t hits = 0;
  DrawnGaps gaps;
  for (uint64_t position = 0; position < hidden.length;) {
    const Xoroshiro start = stream.random;
    drawGaps(stream, drawnAlone, gaps);
    const Reinforced done = reinforceAt(hidden, position, gaps, drawnAlone, stream.length);
    position = done.position;
    hits += done.hits;
    if (done.draws < drawnAlone) stream.random = drawnFrom(start, done.draws);
  }
  return hits;
}

/** On all threads. @param stretches - room for mostStretches */
size_t reinforceShared(Instance& instance, const HiddenRow& hidden, GapStream& stream, Stretch* stretches) {
  size_t hits = 0;
  for (uint64_t position = 0; position < hidden.length;) {
    const double expected = expectedDraws(stream, hidden.length - position) / DrawnGaps::length;
    const size_t count = expected < mostStretches - 1 ? static_cast<size_t>(expected) + 1 : mostStretches;
    for (size_t i = 0; i < count; i++) {
      stretches[i].start = stream.random;
      stream.random.jump();
    }
    const auto draw = [&](Range part, size_t) {
      for (size_t i = part.begin; i < part.end; i++) {
        GapStream own = stream;
        own.random = stretches[i].start;
        stretches[i].passed = drawGaps(own, DrawnGaps::length, stretches[i].gaps);
      }
    };
    instance.share(count, 1, draw);
    for (size_t i = 0; i < count; i++) {
      stretches[i].position = position;
      position += stretches[i].passed;
    }
    const auto reinforce = [&](Range part, size_t) {
      for (size_t i = part.begin; i < part.end; i++) {
        Stretch& stretch = stretches[i];
        const Reinforced done = reinforceAt(hidden, stretch.position, stretch.gaps, DrawnGaps::length, stream.length);
        stretch.hits = done.hits;
        // Only one stretch begins among the weights and leads past the last of them.
        const bool isLast = stretch.position < hidden.length && stretch.position + stretch.passed >= hidden.length;
        if (isLast) stream.random = drawnFrom(stretch.start, done.draws);
      }
    };
    instance.share(count, 1, reinforce);
    for (size_t i = 0; i < count; i++) hits += stretches[i].hits;
  }
  return hits;
}

}  // namespace

int64_t reinforce(Instance& instance, const ReinforceCall& call) {
  const auto& gaps = call.gaps;
  GapStream stream(gaps.state, gaps.thresholds, gaps.length, gaps.guide);
  const HiddenRow hidden{call.hidden.values, call.hidden.rows * call.hidden.columns, static_cast<int32_t>(call.bound)};
  size_t hits = 0;
  const auto alone = [&] { hits = reinforceAlone(hidden, stream); };
  const double draws = expectedDraws(stream, hidden.length);
  void* memory = nullptr;
  if (instance.mayShare(static_cast<size_t>(draws), smallReinforcement)) {
    memory = instance.gaps.reserve(mostStretches * sizeof(Stretch));
  }
  if (memory) {
    auto* const stretches = static_cast<Stretch*>(memory);
    instance.choose(
        instance.reinforcements, draws, [&] { hits = reinforceShared(instance, hidden, stream, stretches); }, alone);
  } else {
    alone();
  }
  stream.random.store(gaps.state);
  return static_cast<int64_t>(hits);
}

}  // namespace xnorlab
