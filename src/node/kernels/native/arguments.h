// Reads and checks what JavaScript hands to the addon. Nothing is trusted: a value of another type, a detached buffer
// or a list entry out of range becomes an ArgumentError that names the argument.
//
// Raw Node-API calls rather than C++ wrappers: one operation takes tens of microseconds and a typed array costs some
// tens of nanoseconds either way, but this needs no exceptions.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>

#include "operations.h"
#include "scratch.h"

namespace xnorlab {

class Instance;

/** A typed array's memory. */
template <typename T>
struct Span {
  T* data = nullptr;
  size_t length = 0;
};

/** A typed array of 16-bit or 32-bit integers. */
struct Integers {
  const int16_t* shorts = nullptr;
  const int32_t* ints = nullptr;
  size_t length = 0;
};

/**
 * The arguments of one call, read in order. The first that is wrong throws in JavaScript and turns `ok()` to false;
 * what is read after that is empty or 0, so that it may be read but not used.
 */
class Arguments {
 public:
  static constexpr size_t maximum = 12;

  Arguments(napi_env env, napi_callback_info info);

  bool ok() const { return ok_; }
  /** The kernels whose function was called. */
  Instance& instance() const { return *instance_; }

  /** An integer in [minimum, maximum]. */
  int64_t integer(const char* name, int64_t minimum, int64_t maximum);
  /** A number of rows or entries. */
  size_t size(const char* name, int64_t minimum = 0) { return static_cast<size_t>(integer(name, minimum, INT32_MAX)); }
  /** A number of columns: sums over them stay within 32 bits. */
  size_t columns(const char* name, int64_t minimum = 1) {
    const int64_t columns = integer(name, minimum, int64_t{1} << 30);
    return static_cast<size_t>(ok_ ? columns : minimum);
  }

  Span<uint32_t> uint32s(const char* name) { return array<uint32_t>(name, napi_uint32_array, "a Uint32Array"); }
  Span<int32_t> int32s(const char* name) { return array<int32_t>(name, napi_int32_array, "an Int32Array"); }
  Span<int16_t> int16s(const char* name) { return array<int16_t>(name, napi_int16_array, "an Int16Array"); }
  Span<int8_t> int8s(const char* name) { return array<int8_t>(name, napi_int8_array, "an Int8Array"); }
  /** An Int16Array or Int32Array. */
  Integers integers(const char* name);

  /** Throws unless a typed array has `expected` entries, or at least so many. */
  void checkLength(const char* name, size_t length, size_t expected);
  void checkCapacity(const char* name, size_t length, size_t expected);

  /**
   * Copies a list of indices and checks the copy, so that no other thread can change them afterwards.
   * @returns `count` entries in [0, limit), in `memory`
   */
  const uint32_t* indices(const char* name, const void* list, size_t count, size_t limit, Scratch& memory);

  /** Throws ArgumentError(name, expected, received) unless something was thrown before. */
  void fail(const char* name, const char* expected, napi_value received);
  void failEntries(const char* name, const char* expected, size_t entries);
  void failNumber(const char* name, const char* expected, int64_t received);
  void failMemory();

  /** A number to return. */
  napi_value number(size_t value);

 private:
  template <typename T>
  Span<T> array(const char* name, napi_typedarray_type type, const char* expected) {
    Span<T> span;
    napi_typedarray_type actual;
    void* data = nullptr;
    napi_value value = next();
    if (!ok_) return span;
    if (napi_get_typedarray_info(env_, value, &actual, &span.length, &data, nullptr, nullptr) != napi_ok ||
        actual != type) {
      fail(name, expected, value);
      return Span<T>{};
    }
    span.data = static_cast<T*>(data);
    return span;
  }

  napi_value next() { return values_[position_++]; }

  napi_env env_;
  Instance* instance_ = nullptr;
  napi_value values_[maximum];
  size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace xnorlab
