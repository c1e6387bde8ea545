// Whether threads pay for a kind of work, as measured while it is done.
//
// On two free cores they do from some microseconds on; where other programs want the same cores a call that is shared waits
// for a thread that the system does not run, and takes longer than alone. No number of bits says which it is.
#pragma once

#include <chrono>
#include <cstddef>

namespace xnorlab {

class Sharing {
 public:
  /** Whether the next call should be shared: what was faster of late, and the other way now and then, to know. */
  bool next() {
    call_++;
    const bool isFaster = shared_ <= alone_;
    return call_ % period < probes ? !isFaster : isFaster;
  }

  /** Does `work` units of it, one way or the other. Nothing is measured of a first probe, whose thread may be asleep. */
  template <typename Work>
  void measure(bool isShared, double units, Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    if (call_ % period == 0) return;
    double& known = isShared ? shared_ : alone_;
    const double time = taken.count() / units;
    // A call that was held up counts as twice the usual time at most.
    if (known == 0) known = time;
    else known += ((time < 2 * known ? time : 2 * known) - known) / weight;
  }

 private:
  /** Of so many calls so many are probes. */
  static constexpr size_t period = 512;
  static constexpr size_t probes = 8;
  /** How many calls the recent past is. */
  static constexpr double weight = 8;

  /** Nanoseconds for each unit; 0, the fastest of all, as long as it is not known. */
  double shared_ = 0;
  double alone_ = 0;
  size_t call_ = probes;
};

}  // namespace xnorlab
