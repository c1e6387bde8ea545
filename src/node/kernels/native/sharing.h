// Whether threads pay for a kind of work, as measured while it is done.
//
// On two free cores they do from some microseconds on; where other programs want the same cores a call that is shared waits
// for a thread that the system does not run, and takes longer than alone. No number of bits says which it is.
#pragma once

#include <chrono>
#include <cstddef>
#include <limits>

namespace xnorlab {

class Sharing {
 public:
  /** Whether the next call should be shared: what was faster of late, and the other way now and then, to know. The first calls are. */
  bool next() {
    call_++;
    isProbe_ = call_ + probes > period_;
    isShared_ = (shared_ <= alone_) != isProbe_;
    return isShared_;
  }

  /** Does `work`, `units` of it, in the way that `next` said. Nothing is learnt from a first probe, whose thread may be asleep. */
  template <typename Work>
  void measure(double units, Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    const double time = taken.count() / units;
    double& known = isShared_ ? shared_ : alone_;
    if (!isProbe_) {
      known = known == 0 ? time : known + (atMostTwice(known, time) - known) / weight;
    } else if (const size_t probe = call_ + probes - period_; probe > 1) {
      const double present = isShared_ ? alone_ : shared_;
      probed_ = (probe == 2 ? 0 : probed_) + atMostTwice(present, time) / (probes - 1);
      if (probe == probes) endProbes(known, present);
    }
  }

 private:
  /** So many calls in a row are done the other way. */
  static constexpr size_t probes = 5;
  /** From the first call of a kind to its second probes, when both ways are known. */
  static constexpr size_t first = 16;
  /** Calls from probes to probes: longer each time that these have not paid, as they cost much where others want the cores. */
  static constexpr size_t shortest = 512;
  static constexpr size_t longest = 8192;
  /** How many calls the recent past is. */
  static constexpr double weight = 8;

  /** A call that was held up counts as twice the usual time at most. */
  static double atMostTwice(double usual, double time) { return usual == 0 || time < 2 * usual ? time : 2 * usual; }

  void endProbes(double& known, double present) {
    known = probed_;
    if (known < present) {
      period_ = shortest;
    } else if (present > 0 && period_ < longest) {
      period_ *= 2;
    }
    call_ = 0;
  }

  /** Nanoseconds for each unit; 0 as long as it is not known. */
  double shared_ = std::numeric_limits<double>::infinity();
  double alone_ = 0;
  /** Mean of the present probes. */
  double probed_ = 0;
  size_t period_ = first;
  size_t call_ = first - probes;
  bool isShared_ = false;
  bool isProbe_ = false;
};

}  // namespace xnorlab
