// The module: which instruction sets there are, and kernels for one of them.
#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "float.h"
#include "instance.h"
#include "matrix-memory.h"
#include "signatures.h"

namespace xnorlab {
namespace {

/** What lives as long as a Node environment (the main thread or a worker). */
struct Environment {
  /** Kernels that were asked for; their functions may outlive every other reference. */
  std::vector<std::unique_ptr<Instance>> instances;
  MatrixMemory memory;
};

constexpr uint32_t maximumThreads = 64;

/** The most that every V8 takes as one buffer: of a longer one it says nothing, and ends the process (../../../core/matrix-size.ts). */
constexpr double maximumBytes = 1ull << 32;

bool addFunction(napi_env env, napi_value object, const NamedFunction& function, void* data) {
  napi_value value;
  return napi_create_function(env, function.name, NAPI_AUTO_LENGTH, function.callback, data, &value) == napi_ok &&
         napi_set_named_property(env, object, function.name, value) == napi_ok;
}

/** instructionSets(): names that this machine can run, fastest first. */
napi_value instructionSets(napi_env env, napi_callback_info) {
  napi_value names;
  if (napi_create_array(env, &names) != napi_ok) return nullptr;
  for (uint32_t i = 0; operationsAt(i) != nullptr; i++) {
    napi_value name;
    if (napi_create_string_utf8(env, operationsAt(i)->name, NAPI_AUTO_LENGTH, &name) != napi_ok ||
        napi_set_element(env, names, i, name) != napi_ok) {
      return nullptr;
    }
  }
  return names;
}

Environment* environmentOf(napi_env env) {
  void* data = nullptr;
  return napi_get_instance_data(env, &data) == napi_ok ? static_cast<Environment*>(data) : nullptr;
}

/** allocate(sizeBytes): an ArrayBuffer of zeros. */
napi_value allocate(napi_env env, napi_callback_info info) {
  napi_value value;
  size_t count = 1;
  double bytes = -1;
  if (napi_get_cb_info(env, info, &count, &value, nullptr, nullptr) != napi_ok ||
      napi_get_value_double(env, value, &bytes) != napi_ok || !(bytes >= 0 && bytes <= maximumBytes) ||
      bytes != std::floor(bytes)) {
    napi_throw_range_error(env, nullptr, "allocate: expected a number of bytes in [0, 2^32]");
    return nullptr;
  }
  Environment* environment = environmentOf(env);
  return environment ? environment->memory.allocate(env, static_cast<size_t>(bytes)) : nullptr;
}

/** Whether the errors of an instance are of that class: modules may be loaded more than once. */
bool throws(napi_env env, const Instance& instance, napi_value errorClass) {
  napi_value own;
  bool isSame = false;
  return napi_get_reference_value(env, instance.errorClass, &own) == napi_ok &&
         napi_strict_equals(env, own, errorClass, &isSame) == napi_ok && isSame;
}

/** The instance of an instruction set and a number of threads; made when it is first asked for. */
Instance* instanceFor(napi_env env, const Operations& operations, size_t threads, bool alwaysShares, napi_value errorClass) {
  Environment* environment = environmentOf(env);
  if (environment == nullptr) return nullptr;
  auto& instances = environment->instances;
  for (const auto& instance : instances) {
    const bool isSame = &instance->operations == &operations && instance->threads == threads &&
                        instance->alwaysShares == alwaysShares && throws(env, *instance, errorClass);
    if (isSame) return instance.get();
  }
  napi_ref reference;
  if (napi_create_reference(env, errorClass, 1, &reference) != napi_ok) return nullptr;
  instances.push_back(std::make_unique<Instance>(operations, threads, alwaysShares, reference));
  return instances.back().get();
}

/** create(instructionSet, threads, errorClass, alwaysShares): an object with one function for each operation. */
napi_value create(napi_env env, napi_callback_info info) {
  napi_value values[4];
  size_t count = 4;
  char name[16] = "";
  size_t length = 0;
  uint32_t threads = 0;
  bool alwaysShares = false;
  napi_valuetype errorType = napi_undefined;
  if (napi_get_cb_info(env, info, &count, values, nullptr, nullptr) != napi_ok ||
      napi_get_value_string_utf8(env, values[0], name, sizeof name, &length) != napi_ok ||
      napi_get_value_uint32(env, values[1], &threads) != napi_ok ||
      napi_typeof(env, values[2], &errorType) != napi_ok ||
      napi_get_value_bool(env, values[3], &alwaysShares) != napi_ok || errorType != napi_function || threads < 1 ||
      threads > maximumThreads) {
    napi_throw_type_error(env, nullptr, "create: expected an instruction set, 1 to 64 threads, an error class and whether threads always share");
    return nullptr;
  }
  const Operations* operations = operationsNamed(name);
  if (operations == nullptr) {
    napi_throw_range_error(env, nullptr, "create: this machine does not have that instruction set");
    return nullptr;
  }
  Instance* instance = instanceFor(env, *operations, threads, alwaysShares, values[2]);
  napi_value kernels;
  if (instance == nullptr || napi_create_object(env, &kernels) != napi_ok) return nullptr;
  for (const NamedFunction& function : operationFunctions) {
    if (!addFunction(env, kernels, function, instance)) return nullptr;
  }
  for (const NamedFunction& function : floatFunctions) {
    if (!addFunction(env, kernels, function, instance)) return nullptr;
  }
  return kernels;
}

napi_value initialize(napi_env env, napi_value exports) {
  auto* environment = new (std::nothrow) Environment;
  if (environment == nullptr) return nullptr;
  const auto release = [](napi_env, void* data, void*) { delete static_cast<Environment*>(data); };
  if (napi_set_instance_data(env, environment, release, nullptr) != napi_ok) {
    delete environment;
    return nullptr;
  }
  if (!addFunction(env, exports, {"create", create}, nullptr) ||
      !addFunction(env, exports, {"allocate", allocate}, nullptr) ||
      !addFunction(env, exports, {"instructionSets", instructionSets}, nullptr)) {
    return nullptr;
  }
  return exports;
}

}  // namespace
}  // namespace xnorlab

NAPI_MODULE_INIT() { return xnorlab::initialize(env, exports); }
