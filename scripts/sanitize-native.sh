#!/bin/sh
# Builds the native kernels with AddressSanitizer and UndefinedBehaviorSanitizer and runs their tests on hostile and on
# random valid input, in the memory that they allocate as they ship, with poison between what is given out. Ends with status 0 only if nothing was found. Needs g++, make, python3 and `npm run setup`; about a minute.
#
#   scripts/sanitize-native.sh [rounds]      hostile calls of each operation, instruction set and number of threads
#   XNORLAB_FUZZ_SEED=2 scripts/sanitize-native.sh      other calls
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# The headers that came with this Node, where they did; node-gyp would download them otherwise.
headers=$(node -p 'require("path").dirname(require("path").dirname(process.execPath))')
nodedir=
if [ -f "$headers/include/node/node_api.h" ]; then nodedir="--nodedir=$headers"; fi

cp "$root"/src/node/kernels/native/*.cpp "$root"/src/node/kernels/native/*.h "$root"/src/node/kernels/native/binding.gyp "$work"
node -e "require('$root/dist/node/kernels/native/signatures.js').writeSignatures('$work')"
echo 'Building with -fsanitize=address,undefined …'
if ! node "$root/node_modules/node-gyp/bin/node-gyp.js" rebuild --directory "$work" --jobs max $nodedir \
  -- -Dxnorlab_sanitize=1 >"$work/build.log" 2>&1; then
  cat "$work/build.log"
  exit 1
fi

# Leaks are not looked for: Node frees little of its own memory at exit.
export ASAN_OPTIONS=detect_leaks=0:halt_on_error=1:abort_on_error=0:exitcode=99:allocator_may_return_null=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:exitcode=99

echo 'Between guard pages:'
"$work/build/Release/guard_pages"

# The tests' workers must be processes, which inherit the preloaded runtime.
cd "$root"
export XNORLAB_NATIVE_ADDON="$work/build/Release/xnorlab_kernels.node"
export XNORLAB_EXPECT_NATIVE=1
export XNORLAB_FUZZ_ROUNDS="${1:-1000}"
LD_PRELOAD="$(g++ -print-file-name=libasan.so)" \
  node node_modules/vitest/vitest.mjs run --project unit --pool forks test/node/kernels/native-safety.test.ts \
  test/kernels/float-kernels.test.ts
echo 'Random calls that are right, in the memory that the kernels allocate, and wrong ones:'
export XNORLAB_FUZZ_CASES="$((${1:-1000} * 2))"
LD_PRELOAD="$(g++ -print-file-name=libasan.so)" \
  node node_modules/vitest/vitest.mjs run --project unit --pool forks test/fuzz/fuzz.test.ts -t 'native-'
echo 'Sanitizers found nothing.'
