#include "arguments.h"

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "instance.h"

namespace xnorlab {
namespace {

/** Largest integer of JavaScript: no maximum at all. */
constexpr int64_t maximumSafeInteger = (int64_t{1} << 53) - 1;

}  // namespace

Arguments::Arguments(napi_env env, napi_callback_info info) : env_(env) {
  size_t count = maximum;
  void* data = nullptr;
  // Arguments that were not given read as undefined.
  napi_get_cb_info(env, info, &count, values_, nullptr, &data);
  instance_ = static_cast<Instance*>(data);
}

int64_t Arguments::integer(const char* name, int64_t minimum, int64_t maximum) {
  napi_value value = next();
  if (!ok_) return minimum;
  double number;
  const bool isNumber = napi_get_value_double(env_, value, &number) == napi_ok;
  if (isNumber && number >= static_cast<double>(minimum) && number <= static_cast<double>(maximum) &&
      number == std::floor(number)) {
    return static_cast<int64_t>(number);
  }
  char expected[80];
  if (maximum == maximumSafeInteger) {
    std::snprintf(expected, sizeof expected, "an integer of at least %" PRId64, minimum);
  } else {
    std::snprintf(expected, sizeof expected, "an integer in [%" PRId64 ", %" PRId64 "]", minimum, maximum);
  }
  fail(name, expected, value);
  return minimum;
}

int64_t Arguments::oddInteger(const char* name, int64_t minimum, int64_t maximum) {
  const int64_t value = integer(name, minimum, maximum);
  if (ok_ && value % 2 == 0) failNumber(name, "an odd integer", value);
  return value;
}

uint32_t* Arguments::count() {
  const auto count = uint32s("count");
  checkLength("count", count.length, 1);
  return count.data;
}

double Arguments::real(const char* name) {
  double number = 0;
  napi_value value = next();
  if (ok_ && napi_get_value_double(env_, value, &number) != napi_ok) fail(name, "a number", value);
  return ok_ ? number : 0;
}

Integers Arguments::integers(const char* name) {
  Integers integers;
  napi_value value = next();
  if (!ok_) return integers;
  napi_typedarray_type type;
  void* data = nullptr;
  const bool isArray =
      napi_get_typedarray_info(env_, value, &type, &integers.length, &data, nullptr, nullptr) == napi_ok;
  if (isArray && type == napi_int16_array) {
    integers.shorts = static_cast<const int16_t*>(data);
  } else if (isArray && type == napi_int32_array) {
    integers.ints = static_cast<const int32_t*>(data);
  } else {
    fail(name, "an Int16Array or Int32Array", value);
  }
  return integers;
}

void Arguments::checkLength(const char* name, size_t length, size_t expected) {
  if (!ok_ || length == expected) return;
  char text[40];
  std::snprintf(text, sizeof text, "%zu entries", expected);
  failEntries(name, text, length);
}

void Arguments::checkCapacity(const char* name, size_t length, size_t expected) {
  if (!ok_ || length >= expected) return;
  char text[40];
  std::snprintf(text, sizeof text, "at least %zu entries", expected);
  failEntries(name, text, length);
}

void Arguments::checkDivisor(const char* name, size_t divisor, size_t of) {
  if (!ok_ || of % divisor == 0) return;
  failNumber(name, "a divisor of the number of neurons", static_cast<int64_t>(divisor));
}

void Arguments::checkTotal(const char* name, double bits) {
  constexpr double most = 1099511627776.0;  // 2^40
  if (!ok_ || bits <= most) return;
  failNumber(name, "sizes of at most 1099511627776 bits in all", static_cast<int64_t>(bits < 9e18 ? bits : 9e18));
}

void Arguments::checkDirections(const char* name, const Span<int8_t>& directions, size_t count) {
  if (!ok_) return;
  for (size_t i = 0; i < count; i++) {
    const int8_t direction = directions.data[i];
    if (direction != 1 && direction != -1) return failNumber(name, "entries +1 or -1", direction);
  }
}

const uint32_t* Arguments::indices(const char* name, const void* list, size_t count, size_t limit, size_t place) {
  if (!ok_) return nullptr;
  auto* copy = static_cast<uint32_t*>(instance_->lists[place].reserve((count + 1) * sizeof(uint32_t)));
  if (!copy) {
    failMemory();
    return nullptr;
  }
  if (count > 0) std::memcpy(copy, list, count * sizeof(uint32_t));
  uint32_t largest = 0;
  for (size_t i = 0; i < count; i++) largest = copy[i] > largest ? copy[i] : largest;
  if (count == 0 || largest < limit) return copy;
  char expected[60];
  std::snprintf(expected, sizeof expected, "entries in [0, %zu)", limit);
  size_t i = 0;
  while (copy[i] < limit) i++;
  char received[60];
  std::snprintf(received, sizeof received, "%" PRId32 " at %zu", static_cast<int32_t>(copy[i]), i);
  napi_value text;
  if (napi_create_string_utf8(env_, received, NAPI_AUTO_LENGTH, &text) == napi_ok) fail(name, expected, text);
  ok_ = false;
  return nullptr;
}

void Arguments::fail(const char* name, const char* expected, napi_value received) {
  if (!ok_) return;
  ok_ = false;
  napi_value errorClass, error;
  napi_value values[3];
  values[2] = received;
  if (napi_get_reference_value(env_, instance_->errorClass, &errorClass) == napi_ok &&
      napi_create_string_utf8(env_, name, NAPI_AUTO_LENGTH, &values[0]) == napi_ok &&
      napi_create_string_utf8(env_, expected, NAPI_AUTO_LENGTH, &values[1]) == napi_ok &&
      napi_new_instance(env_, errorClass, 3, values, &error) == napi_ok) {
    napi_throw(env_, error);
  }
}

void Arguments::failEntries(const char* name, const char* expected, size_t entries) {
  char received[40];
  std::snprintf(received, sizeof received, "%zu entries", entries);
  napi_value text;
  if (ok_ && napi_create_string_utf8(env_, received, NAPI_AUTO_LENGTH, &text) == napi_ok) fail(name, expected, text);
}

void Arguments::failNumber(const char* name, const char* expected, int64_t received) {
  napi_value value;
  if (ok_ && napi_create_int64(env_, received, &value) == napi_ok) fail(name, expected, value);
}

void Arguments::failMemory() {
  if (ok_) napi_throw_range_error(env_, nullptr, "native kernels: out of memory");
  ok_ = false;
}

napi_value Arguments::number(int64_t value) {
  napi_value result = nullptr;
  napi_create_double(env_, static_cast<double>(value), &result);
  return result;
}

}  // namespace xnorlab
