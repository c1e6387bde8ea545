// One set of kernels: an instruction set and a number of threads, with their memory. JavaScript gets one function for
// each operation, all bound to the same instance.
#pragma once

#include <node_api.h>

#include <memory>
#include <vector>

#include "arguments.h"
#include "operations.h"
#include "pool.h"
#include "scratch.h"
#include "sharing.h"

namespace xnorlab {

class Instance {
 public:
  Instance(const Operations& operations, size_t threads, bool alwaysShares, napi_ref errorClass)
      : operations(operations), threads(threads), alwaysShares(alwaysShares), errorClass(errorClass), scratch(threads) {}

  const Operations& operations;
  const size_t threads;
  /** Whether threads share even what they are slower with: for tests, which shall see what they do. */
  const bool alwaysShares;
  /** The class of the errors to throw; kept by the environment. */
  const napi_ref errorClass;
  /** Memory for each thread, and for the checked copies of lists. */
  std::vector<Scratch> scratch;
  Scratch lists[Arguments::maximumLists];
  /** Memory for the order of steps. */
  Scratch steps;
  /** Random words of a call, for its lanes and for each neuron. */
  Scratch words;
  /** Memory for the transposed weights of a backward product or the halves of those of a ternary one, and for its products. */
  Scratch transposed;
  Scratch products;
  /** Memory for how many steps each part of a selection found. */
  Scratch found;
  /** Memory for gaps that are drawn ahead. */
  Scratch gaps;

  /** Kinds of work that threads share where it pays. */
  Sharing multiplications, transpositions, updates, selections, reinforcements, cuttings, poolings;

  /** Whether `units` of work are so many that threads may pay: more than another takes to wake up. */
  bool mayShare(size_t units, size_t small) const { return threads > 1 && (alwaysShares || units >= small); }

  /**
   * Does work that may be shared in the way that is faster.
   * @param units - of work in all, whatever they are for this kind
   */
  template <typename Shared, typename Alone>
  void choose(Sharing& kind, double units, Shared shared, Alone alone) {
    if (alwaysShares) return shared();
    const bool isShared = kind.next();
    kind.measure(units, [&] {
      if (isShared) {
        shared();
      } else {
        alone();
      }
    });
  }

  /** Calls task(range, thread) for the parts of [0, length), each but the last a multiple of `grain` long, on all threads. */
  template <typename Task>
  void share(size_t length, size_t grain, Task& task) {
    const size_t grains = (length + grain - 1) / grain;
    const size_t wanted = threads * tasksForEachThread;
    const size_t tasks = grains < wanted ? grains : wanted;
    struct Context {
      Task& task;
      size_t length, grain, grains, tasks;
      size_t start(size_t i) const { return i * grains / tasks * grain; }
    } context{task, length, grain, grains, tasks};
    if (!pool_) pool_ = std::make_unique<Pool>(threads - 1);
    pool_->run(
        tasks,
        [](void* data, size_t i, size_t thread) {
          Context& of = *static_cast<Context*>(data);
          const size_t end = i + 1 == of.tasks ? of.length : of.start(i + 1);
          of.task(Range{of.start(i), end}, thread);
        },
        &context);
  }

  /**
   * The same on all threads or, where these do not pay, for the whole on one.
   * @param units - of work in all, whatever they are for this kind
   * @param small - below so many of them no thread is woken
   */
  template <typename Task>
  void split(Sharing& kind, double units, size_t small, size_t length, size_t grain, Task task) {
    const auto alone = [&] { task(Range{0, length}, 0); };
    if (length <= grain || !mayShare(static_cast<size_t>(units), small)) return alone();
    choose(kind, units, [&] { share(length, grain, task); }, alone);
  }

 private:
  /** More than one, so that a thread that the system holds up leaves its work to the others. */
  static constexpr size_t tasksForEachThread = 2;
  std::unique_ptr<Pool> pool_;
};

}  // namespace xnorlab
