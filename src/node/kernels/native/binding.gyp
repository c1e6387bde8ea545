{
  # One addon for every processor of an architecture: the files of an instruction set are compiled for it, and cpu.cpp
  # chooses at run time. This file must not stand in the root of the package, where npm would compile it at install;
  # build.ts copies this folder to build/native and compiles it there.
  "variables": {
    "xnorlab_sanitize%": 0
  },
  "target_defaults": {
    "cflags!": ["-O2"],
    "cflags_cc!": ["-fno-exceptions", "-std=gnu++17"],
    # Floats are computed as they are written, so that every processor gives the same.
    "cflags_cc": ["-std=c++17", "-O3", "-Wall", "-Wextra", "-fvisibility=hidden", "-pthread", "-ffp-contract=off",
      "-fno-math-errno", "-fno-trapping-math"],
    "xcode_settings": {
      "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
      "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
      "GCC_OPTIMIZATION_LEVEL": "3",
      "OTHER_CPLUSPLUSFLAGS": ["-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"]
    },
    "conditions": [
      ["xnorlab_sanitize==1", {
        "cflags_cc": ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined",
          "-fno-omit-frame-pointer", "-g", "-O1"],
        "ldflags": ["-fsanitize=address,undefined"]
      }]
    ]
  },
  "targets": [
    {
      "target_name": "xnorlab_kernels",
      "sources": [
        "addon.cpp", "arguments.cpp", "backward.cpp", "cpu.cpp", "float.cpp", "forward.cpp", "gaps.cpp", "majority.cpp", "matrix-memory.cpp",
        "pool.cpp", "reinforcement.cpp", "scalar.cpp", "selection.cpp", "transpose.cpp", "updates.cpp", "windows.cpp"
      ],
      "conditions": [
        ["target_arch=='x64'", {"dependencies": ["avx512", "avx2"]}],
        ["target_arch=='arm64'", {"sources": ["neon.cpp", "float_neon.cpp"]}]
      ]
    }
  ],
  "conditions": [
    ["xnorlab_sanitize==1", {
      "targets": [
        {
          "target_name": "guard_pages",
          "type": "executable",
          "sources": ["guard-pages.cpp", "cpu.cpp", "majority.cpp", "scalar.cpp", "transpose.cpp"],
          "conditions": [
            ["target_arch=='x64'", {"dependencies": ["avx512", "avx2"]}],
            ["target_arch=='arm64'", {"sources": ["neon.cpp"]}]
          ]
        }
      ]
    }],
    ["target_arch=='x64'", {
      "targets": [
        {
          "target_name": "avx512",
          "type": "static_library",
          "sources": ["float_avx512.cpp", "product_avx512.cpp", "training_avx512.cpp"],
          # g++ 12 takes the _mm512_undefined_epi32() inside its own intrinsics for an error (GCC bug 105593).
          "cflags_cc": ["-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq", "-mavx512vpopcntdq", "-mfma", "-mbmi", "-mbmi2",
            "-mpopcnt", "-Wno-uninitialized", "-Wno-maybe-uninitialized"],
          "xcode_settings": {"OTHER_CFLAGS": ["-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq",
            "-mavx512vpopcntdq", "-mfma", "-mbmi", "-mbmi2", "-mpopcnt"]}
        },
        {
          "target_name": "avx2",
          "type": "static_library",
          "sources": ["float_avx2.cpp", "product_avx2.cpp", "training_avx2.cpp"],
          "cflags_cc": ["-mavx2", "-mfma", "-mbmi", "-mbmi2", "-mpopcnt"],
          "xcode_settings": {"OTHER_CFLAGS": ["-mavx2", "-mfma", "-mbmi", "-mbmi2", "-mpopcnt"]}
        }
      ]
    }]
  ]
}
