# HiGHS in unity batches: each of its headers is read once for eight sources, which halves what the first
# build costs. (Handed over as a toolchain file, which is the one file that its build script lets in.)
set(CMAKE_UNITY_BUILD ON)
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
