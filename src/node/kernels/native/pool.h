// A few threads that share the tasks of one call at a time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace xnorlab {

class Pool {
 public:
  /** Starts `workers` threads, or as many as the system allows. */
  explicit Pool(size_t workers);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  /** Waits for the threads to end. */
  ~Pool();

  /** Most tasks of one run. */
  static constexpr size_t maximumTasks = 0xffff;

  /**
   * Calls task(context, i, thread) for every i in [0, tasks), in any order, on the workers (thread 1, 2, …) and the
   * caller (thread 0). Returns when all have returned. Only one thread may call this.
   *
   * Each thread begins with a stretch of the tasks that is its own, the first of them the caller's: what it has written in
   * one run it finds in its cache in the next. Who is done takes what others have not begun.
   */
  void run(size_t tasks, void (*task)(void* context, size_t index, size_t thread), void* context);

 private:
  /** The tasks of one thread, on a cache line of its own. */
  struct alignas(64) Stretch {
    /**
     * Generation (32 bits), end (16) and next task (16) of the current run, in one word: a worker that comes late can
     * neither take a task that is gone nor mix up two runs.
     */
    std::atomic<uint64_t> ticket{0};
  };

  void work(size_t thread);
  bool takeTask(size_t thread);
  bool takeTaskOf(Stretch& stretch, size_t thread);
  bool hasTasks() const;
  bool awaitTasks();

  /** One for each thread that was asked for; others do the tasks of one that did not start. */
  std::vector<Stretch> stretches_;
  uint64_t generation_ = 0;
  std::atomic<void (*)(void*, size_t, size_t)> task_{nullptr};
  std::atomic<void*> context_{nullptr};
  std::atomic<size_t> unfinished_{0};
  std::atomic<size_t> sleeping_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::thread> threads_;
};

}  // namespace xnorlab
