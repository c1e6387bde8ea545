// The function that JavaScript calls for an operation: reads its operands, then runs its body.
#pragma once

#include <node_api.h>

#include "arguments.h"
#include "operands.h"

namespace xnorlab {

/** What a body returns when there was no memory; nothing has been changed then. */
constexpr int64_t outOfMemory = -1;

/** @tparam read of the operands, as the table has them. @tparam body of the operation */
template <auto read, auto body>
napi_value callback(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto call = read(arguments);
  if (!arguments.ok()) return nullptr;
  const int64_t result = body(arguments.instance(), call);
  if (result != outOfMemory) return arguments.number(result);
  arguments.failMemory();
  return nullptr;
}

/** A function of the kernels object. */
struct NamedFunction {
  const char* name;
  napi_callback callback;
};

}  // namespace xnorlab
