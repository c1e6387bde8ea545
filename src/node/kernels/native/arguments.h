// Reads and checks what JavaScript hands to the addon. Nothing is trusted: a value of another type, a detached buffer
// or a list entry out of range becomes an ArgumentError that names the argument.
//
// What is read and in which order says signatures.h, which follows from the table of operations.
//
// Raw Node-API calls rather than C++ wrappers: one operation takes tens of microseconds and a typed array costs some
// tens of nanoseconds either way, but this needs no exceptions.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>

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
  /** Most values of a call, and most lists of indices among them. */
  static constexpr size_t maximum = 16;
  static constexpr size_t maximumLists = 4;

  Arguments(napi_env env, napi_callback_info info);

  bool ok() const { return ok_; }
  /** The kernels whose function was called. */
  Instance& instance() const { return *instance_; }

  /** An integer in [minimum, maximum]; `minimum` after a failure, so that it may be divided by. */
  int64_t integer(const char* name, int64_t minimum, int64_t maximum);
  int64_t oddInteger(const char* name, int64_t minimum, int64_t maximum);
  /** Any number; 0 after a failure. */
  double real(const char* name);
  /** A number of rows, columns or entries. */
  size_t size(const char* name, int64_t minimum, int64_t maximum) {
    return static_cast<size_t>(integer(name, minimum, maximum));
  }

  Span<uint32_t> uint32s(const char* name) { return array<uint32_t>(name, napi_uint32_array, "a Uint32Array"); }
  Span<int32_t> int32s(const char* name) { return array<int32_t>(name, napi_int32_array, "an Int32Array"); }
  Span<int16_t> int16s(const char* name) { return array<int16_t>(name, napi_int16_array, "an Int16Array"); }
  Span<float> float32s(const char* name) { return array<float>(name, napi_float32_array, "a Float32Array"); }
  Span<double> float64s(const char* name) { return array<double>(name, napi_float64_array, "a Float64Array"); }
  Span<int8_t> int8s(const char* name) { return array<int8_t>(name, napi_int8_array, "an Int8Array"); }
  Span<uint8_t> bytes(const char* name) { return array<uint8_t>(name, napi_uint8_array, "a Uint8Array"); }
  /** An Int16Array or Int32Array. */
  Integers integers(const char* name);
  /** The last value: where the number of entries of a list that is filled goes. */
  uint32_t* count();

  /** Throws unless a typed array has `expected` entries, or at least so many. */
  void checkLength(const char* name, size_t length, size_t expected);
  void checkCapacity(const char* name, size_t length, size_t expected);
  /** Throws where a matrix whose sizes are a product of many would have too many bits. */
  void checkTotal(const char* name, double bits);
  void checkDivisor(const char* name, size_t divisor, size_t of);
  /** Throws unless `count` entries are +1 or −1. */
  void checkDirections(const char* name, const Span<int8_t>& directions, size_t count);

  /**
   * Copies a list of indices and checks the copy, so that no other thread can change them afterwards.
   * @param place - of the copy: its number among the lists of the call
   * @returns `count` entries in [0, limit)
   */
  template <typename Entry>
  const uint32_t* indices(const char* name, const Span<Entry>& list, size_t count, size_t limit, size_t place) {
    static_assert(sizeof(Entry) == sizeof(uint32_t));
    return indices(name, static_cast<const void*>(list.data), count, limit, place);
  }

  /** Throws ArgumentError(name, expected, received) unless something was thrown before. */
  void fail(const char* name, const char* expected, napi_value received);
  void failEntries(const char* name, const char* expected, size_t entries);
  void failNumber(const char* name, const char* expected, int64_t received);
  void failMemory();

  /** A number to return. */
  napi_value number(int64_t value);

 private:
  const uint32_t* indices(const char* name, const void* list, size_t count, size_t limit, size_t place);

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
