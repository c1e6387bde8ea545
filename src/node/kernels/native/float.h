// What the kernels object has besides the operations of the table: the functions of float rules.
#pragma once

#include "callback.h"
#include "float-operations.h"

namespace xnorlab {

extern const NamedFunction floatFunctions[9];

}  // namespace xnorlab
