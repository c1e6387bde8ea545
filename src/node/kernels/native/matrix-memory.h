// Memory for matrices, side by side in pages of 2 MB where the system has them.
//
// Steps and reinforcement touch rows all over the hidden weights. In pages of 4 KB that takes a translation of its own
// for nearly every line touched, and pages that fall on the same sets of the cache push each other out of it.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <memory>

namespace xnorlab {

class MatrixMemory {
 public:
  /** A new ArrayBuffer of `bytes` zeros that starts on a cache line; nullptr, with an error pending, if there is none. */
  napi_value allocate(napi_env env, size_t bytes);

 private:
  bool reserve(size_t bytes);

  /** What is given out from; lives until the last of its buffers is collected. */
  std::shared_ptr<char> block_;
  size_t used_ = 0;
  size_t size_ = 0;
};

}  // namespace xnorlab
