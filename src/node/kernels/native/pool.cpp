#include "pool.h"

#include <system_error>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace xnorlab {
namespace {

/**
 * How often a thread looks again before it sleeps or yields: a few hundred microseconds, longer than a training batch
 * goes without shared work. Waking a sleeping thread takes about as long as a whole product.
 */
constexpr int patience = 16000;

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

size_t endOfTasks(uint64_t ticket) { return ticket >> 16 & 0xffff; }
size_t nextTask(uint64_t ticket) { return ticket & 0xffff; }
bool isExhausted(uint64_t ticket) { return nextTask(ticket) >= endOfTasks(ticket); }

}  // namespace

Pool::Pool(size_t workers) : stretches_(workers + 1) {
  threads_.reserve(workers);
  try {
    for (size_t i = 0; i < workers; i++) threads_.emplace_back(&Pool::work, this, i + 1);
  } catch (const std::system_error&) {
    // The system has no more threads: go on with those that started, the caller computes in any case.
  }
}

Pool::~Pool() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Pool::run(size_t tasks, void (*task)(void*, size_t, size_t), void* context) {
  task_.store(task, std::memory_order_relaxed);
  context_.store(context, std::memory_order_relaxed);
  unfinished_.store(tasks, std::memory_order_relaxed);
  generation_++;
  const size_t threads = stretches_.size();
  for (size_t i = 0; i < threads; i++) {
    const uint64_t first = i * tasks / threads, end = (i + 1) * tasks / threads;
    stretches_[i].ticket.store(generation_ << 32 | end << 16 | first);
  }
  if (sleeping_.load() > 0) {
    { const std::lock_guard<std::mutex> lock(mutex_); }
    wake_.notify_all();
  }
  while (takeTask(0)) {
  }
  for (int looks = 0; unfinished_.load(std::memory_order_acquire) > 0; looks++) {
    if (looks < patience) {
      pause();
    } else {
      std::this_thread::yield();
    }
  }
}

bool Pool::takeTask(size_t thread) {
  const size_t threads = stretches_.size();
  for (size_t i = 0; i < threads; i++) {
    if (takeTaskOf(stretches_[(thread + i) % threads], thread)) return true;
  }
  return false;
}

bool Pool::takeTaskOf(Stretch& stretch, size_t thread) {
  uint64_t ticket = stretch.ticket.load(std::memory_order_acquire);
  while (!isExhausted(ticket)) {
    const auto task = task_.load(std::memory_order_relaxed);
    void* context = context_.load(std::memory_order_relaxed);
    if (!stretch.ticket.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel,
                                              std::memory_order_acquire)) {
      continue;
    }
    // The ticket was still that of this run, so the run is not over and `task` and `context` were its own.
    task(context, nextTask(ticket), thread);
    unfinished_.fetch_sub(1, std::memory_order_release);
    return true;
  }
  return false;
}

bool Pool::hasTasks() const {
  for (const Stretch& stretch : stretches_) {
    if (!isExhausted(stretch.ticket.load())) return true;
  }
  return false;
}

void Pool::work(size_t thread) {
  for (;;) {
    while (takeTask(thread)) {
    }
    if (!awaitTasks()) return;
  }
}

/** Waits until there are tasks again. @returns false when the pool stops */
bool Pool::awaitTasks() {
  for (int looks = 0; looks < patience; looks++) {
    if (stopping_.load(std::memory_order_relaxed)) return false;
    if (hasTasks()) return true;
    pause();
  }
  std::unique_lock<std::mutex> lock(mutex_);
  sleeping_.fetch_add(1);
  wake_.wait(lock, [this] { return stopping_.load() || hasTasks(); });
  sleeping_.fetch_sub(1);
  return !stopping_;
}

}  // namespace xnorlab
